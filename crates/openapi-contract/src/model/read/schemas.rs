//! From schema objects to canonical schemas.
//!
//! A canonical schema is read from a *set* of schema objects that must all hold: `$ref` and `allOf`
//! only add to that set, so both vanish. Sets are memoised; a set that is met again while it is
//! being read is the same schema, which is how recursive schemas stay finite. Schemas are read from
//! a queue, not recursively, so that no chain of references is too long.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::interner::Interner;
use super::keyword_table::{Keyword, SchemaObject};
use super::keywords::{Keywords, is_annotation, is_compared};
use crate::document::{Document, Entries, NodeId, Value};
use crate::model::contract::Dialect;
use crate::model::problem::Problem;
use crate::model::schema::{Schema, SchemaId, Schemas, Union};

/// One of the things that must hold together in a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum SchemaSource {
    /// A schema object with all it says.
    Node(NodeId),
    /// A schema object without `nullable`.
    NotNullable(NodeId),
    /// A schema object without `$ref`, `allOf`, `anyOf` and `oneOf`.
    Base(NodeId),
    /// The `oneOf` (or else the `anyOf`) of a schema object, and nothing else of it.
    Alternatives(NodeId, bool),
    /// `null` and nothing else.
    Null,
}

/// Reads the schemas of one document.
pub(super) struct SchemaReader<'a> {
    pub(super) document: &'a Document,
    pub(super) dialect: Dialect,
    pub(super) schemas: Schemas,
    /// The parts each schema was read from.
    pub(super) parts: Vec<Arc<[SchemaSource]>>,
    ids: HashMap<Arc<[SchemaSource]>, SchemaId>,
    queue: VecDeque<SchemaId>,
    components: HashMap<NodeId, String>,
    /// The unions of schemas before they were folded, with their members including null; also of
    /// schemas with `not` and `if`, which decide about null like a union does.
    pub(super) unions: BTreeMap<SchemaId, Vec<Union>>,
    /// What must hold in schemas that had unions of one member only, but for null. Without it, each of
    /// many such schemas inside each other would read all those inside it one by one.
    pub(super) flat: HashMap<SchemaId, Vec<SchemaSource>>,
    /// The schemas that had unions. Of their sources, not all need to hold.
    pub(super) folded: HashSet<SchemaId>,
    /// The schemas whose unions are being folded, each for the one before.
    pub(super) folding: Vec<SchemaId>,
    problems: Vec<Problem>,
    shared: Interner,
}

/// What a set of parts says once references and `allOf` are followed.
#[derive(Default)]
struct Expansion<'a> {
    leaves: Vec<SchemaObject<'a>>,
    /// Schema objects of which only the annotations count.
    notes: Vec<SchemaObject<'a>>,
    unions: Vec<(bool, Vec<Vec<SchemaSource>>, NodeId)>,
    is_null: bool,
    is_never: bool,
}

impl<'a> SchemaReader<'a> {
    pub(super) fn new(document: &'a Document, dialect: Dialect) -> Self {
        let components = document.get(document.root(), "components");
        let components = components
            .map_or_else(Entries::default, |id| document.members(id, "schemas"))
            .iter()
            .map(|entry| (entry.value, entry.key.to_string()))
            .collect();
        Self {
            document,
            dialect,
            schemas: Schemas::new(),
            parts: vec![Arc::default(); 2],
            ids: HashMap::new(),
            queue: VecDeque::new(),
            components,
            unions: BTreeMap::new(),
            flat: HashMap::new(),
            folded: HashSet::new(),
            folding: Vec::new(),
            problems: Vec::new(),
            shared: Interner::default(),
        }
    }

    /// The id of a schema object's schema. It is read when [`SchemaReader::finish`] is called.
    pub(super) fn schema(&mut self, node: NodeId) -> SchemaId {
        self.all_of(vec![SchemaSource::Node(node)])
    }

    /// Reads everything that was asked for.
    pub(super) fn finish(mut self) -> (Schemas, Vec<Problem>) {
        self.drain();
        // Folding can lead to schemas that nobody asked for before, with unions of their own.
        while !self.unions.is_empty() {
            for id in self.inner_unions_first() {
                self.fold(id);
            }
        }
        self.settle_never();
        self.settle_conditions();
        self.settle_subschemas();
        (self.schemas, self.problems)
    }

    pub(super) fn all_of(&mut self, parts: Vec<SchemaSource>) -> SchemaId {
        let mut parts: Vec<SchemaSource> =
            parts.into_iter().map(|part| self.shorten(part)).collect();
        parts.sort_unstable();
        parts.dedup();
        let truth = |part: &SchemaSource| match part {
            SchemaSource::Node(node) => match self.document.node(*node).value {
                Value::Bool(value) => Some(value),
                _ => None,
            },
            _ => None,
        };
        if parts.iter().any(|part| truth(part) == Some(false)) {
            return Schemas::NEVER;
        }
        parts.retain(|part| truth(part).is_none());
        if parts.is_empty() {
            return Schemas::ANY;
        }
        if let Some(&id) = self.ids.get(&parts[..]) {
            return id;
        }
        let id = SchemaId(self.schemas.schemas.len() as u32);
        self.schemas.schemas.push(Schema::default());
        let parts: Arc<[SchemaSource]> = parts.into();
        self.parts.push(Arc::clone(&parts));
        self.ids.insert(parts, id);
        self.queue.push_back(id);
        id
    }

    /// Follows a `$ref` that stands alone, so that a reference and its target are one schema.
    fn shorten(&mut self, part: SchemaSource) -> SchemaSource {
        let SchemaSource::Node(mut node) = part else {
            return part;
        };
        let mut steps = 0;
        while self.is_bare_reference(node) && steps < 100 {
            match self.follow(node) {
                Some(target) => node = target,
                None => break,
            }
            steps += 1;
        }
        SchemaSource::Node(node)
    }

    fn is_bare_reference(&self, node: NodeId) -> bool {
        let is_reference = self.document.get_text(node, "$ref").is_some();
        let is_alone = || {
            let mut keys = self.document.entries(node).iter().map(|entry| entry.key);
            keys.all(|key| key == "$ref" || (is_annotation(key) && !is_compared(key)))
        };
        is_reference && (self.dialect == Dialect::OpenApi30 || is_alone())
    }

    /// The target of a `$ref`; nothing, and a problem noted, where it leads nowhere.
    fn follow(&mut self, node: NodeId) -> Option<NodeId> {
        match self.document.resolve(node) {
            Ok(target) => Some(target),
            Err(error) => {
                let problem = Problem::unresolved(&error);
                if !self.problems.contains(&problem) {
                    self.problems.push(problem);
                }
                None
            }
        }
    }

    pub(super) fn drain(&mut self) {
        while let Some(id) = self.queue.pop_front() {
            let parts = Arc::clone(&self.parts[id.0 as usize]);
            let expansion = self.expand(&parts);
            let mut schema = self.read(&expansion);
            if let [SchemaSource::Node(node)] = parts[..] {
                schema.component = self.component(node);
            }
            let unions: Vec<Union> = expansion
                .unions
                .into_iter()
                .map(|(exactly_one, members, node)| Union {
                    exactly_one,
                    members: members
                        .into_iter()
                        .map(|parts| self.all_of(parts))
                        .collect(),
                    discriminator: self.discriminator(node),
                    node,
                })
                .collect();
            let decides_null = |keyword: &str| schema.opaque.contains_key(keyword);
            if !unions.is_empty() || decides_null("not") || decides_null("if") {
                self.unions.insert(id, unions);
            }
            self.schemas.schemas[id.0 as usize] = schema;
        }
    }

    /// The name of the component a schema object is, or stands for because it says nothing itself.
    fn component(&self, node: NodeId) -> Option<String> {
        let mut node = node;
        // A wrapper in a wrapper is as deep as anyone goes.
        for _ in 0..4 {
            if let Some(name) = self.components.get(&node) {
                return Some(name.clone());
            }
            if !self.only_combines(node) {
                return None;
            }
            if self.document.get_text(node, "$ref").is_some() {
                node = self.document.resolve(node).ok()?;
                continue;
            }
            let members =
                ["allOf", "anyOf", "oneOf"].map(|keyword| self.document.get(node, keyword));
            let members: Vec<NodeId> = members
                .into_iter()
                .flatten()
                .flat_map(|list| self.document.elements(list).iter().copied())
                // "Or null" is no other type of generated code than `nullable` is.
                .filter(|&member| self.document.get_text(member, "type") != Some("null"))
                .collect();
            let [only] = members[..] else {
                return None;
            };
            node = self.document.resolve(only).ok()?;
        }
        None
    }

    fn discriminator(&self, node: NodeId) -> Option<(String, BTreeMap<String, String>)> {
        let discriminator = self.document.get(node, "discriminator")?;
        let property = self.document.get_text(discriminator, "propertyName")?;
        let mapping = self.document.members(discriminator, "mapping").iter();
        let mapping = mapping.filter_map(|entry| {
            let target = self.document.text(entry.value)?;
            let name = target.rsplit('/').next().unwrap_or(target);
            Some((entry.key.to_string(), name.to_owned()))
        });
        Some((property.to_owned(), mapping.collect()))
    }

    fn expand(&mut self, parts: &[SchemaSource]) -> Expansion<'a> {
        let mut expansion = Expansion::default();
        let mut seen = HashSet::new();
        let mut todo: Vec<SchemaSource> = parts.iter().rev().copied().collect();
        while let Some(part) = todo.pop() {
            let part = self.shorten(part);
            if !seen.insert(part) {
                continue;
            }
            let (node, nullable_counts) = match part {
                SchemaSource::Null => {
                    expansion.is_null = true;
                    continue;
                }
                SchemaSource::Base(node) => {
                    expansion
                        .leaves
                        .push(SchemaObject::new(self.document, node));
                    continue;
                }
                SchemaSource::Alternatives(node, exactly_one) => {
                    let keyword = if exactly_one { "oneOf" } else { "anyOf" };
                    let members = self.members(node, keyword).into_iter();
                    let members = members.map(|member| vec![member]).collect();
                    expansion.unions.push((exactly_one, members, node));
                    continue;
                }
                SchemaSource::NotNullable(node) => (node, false),
                SchemaSource::Node(node) => (node, true),
            };
            match self.document.node(node).value {
                Value::Bool(true) => continue,
                Value::Bool(false) => {
                    expansion.is_never = true;
                    continue;
                }
                Value::Object(_) => {}
                Value::Null => {
                    self.problems.push(Problem::null(node, "a schema"));
                    continue;
                }
                other => {
                    let message = format!("a schema must be an object, but is {}", other.kind());
                    let problem = Problem::invalid(node, message);
                    let remedy = "Write a schema, such as `{type: string}`.";
                    self.problems.push(problem.with_remedy(remedy));
                    continue;
                }
            }
            let written = SchemaObject::new(self.document, node);
            if nullable_counts && self.is_nullable_combination(&written) {
                let members = vec![
                    vec![SchemaSource::NotNullable(node)],
                    vec![SchemaSource::Null],
                ];
                expansion.unions.push((false, members, node));
                // The two of them are combined below this object; what it says to readers stays here.
                expansion.notes.push(written);
                continue;
            }
            self.expand_object(written, &mut expansion, &mut todo);
        }
        expansion
    }

    fn expand_object(
        &mut self,
        written: SchemaObject<'a>,
        expansion: &mut Expansion<'a>,
        todo: &mut Vec<SchemaSource>,
    ) {
        let node = written.node;
        if written.text(Keyword::Ref).is_some() {
            todo.extend(self.follow(node).map(SchemaSource::Node));
            if self.dialect == Dialect::OpenApi30 {
                return;
            }
        }
        let all_of = written.elements(Keyword::AllOf).iter();
        todo.extend(all_of.rev().map(|&member| SchemaSource::Node(member)));
        for (keyword, exactly_one) in [(Keyword::AnyOf, false), (Keyword::OneOf, true)] {
            match written.elements(keyword) {
                [] => {}
                &[only] => todo.push(SchemaSource::Node(only)),
                several => {
                    let members = several
                        .iter()
                        .map(|&member| vec![SchemaSource::Node(member)]);
                    expansion
                        .unions
                        .push((exactly_one, members.collect(), node));
                }
            }
        }
        expansion.leaves.push(written);
    }

    /// What a keyword of a schema object combines.
    fn members(&self, node: NodeId, keyword: &str) -> Vec<SchemaSource> {
        let list = self.document.get(node, keyword);
        let list = list.map_or(&[][..], |id| self.document.elements(id));
        list.iter().map(|&id| SchemaSource::Node(id)).collect()
    }

    /// `nullable` beside `allOf`, `anyOf` or `oneOf`, without a `type`. OpenAPI 3.0.3 gives it no
    /// effect there, but everyone who writes it means "or null", and generators read it so.
    fn is_nullable_combination(&self, written: &SchemaObject<'_>) -> bool {
        let has = |keyword| written.get(keyword).is_some();
        self.dialect == Dialect::OpenApi30
            && written.is_set(Keyword::Nullable)
            && !has(Keyword::Type)
            && (has(Keyword::AllOf) || has(Keyword::AnyOf) || has(Keyword::OneOf))
    }

    fn read(&mut self, expansion: &Expansion<'a>) -> Schema {
        let mut keywords = Keywords::new(self.document, self.dialect, &mut self.problems);
        for leaf in &expansion.leaves {
            keywords.add(leaf);
        }
        for written in &expansion.notes {
            keywords.notes(written);
        }
        let mut schema = keywords.finish(&mut self.shared);
        if expansion.is_never {
            return Schema {
                sources: schema.sources,
                ..Schema::default()
            };
        }
        if expansion.is_null {
            let null = schema.null;
            return Schema {
                null,
                sources: schema.sources,
                ..Schema::default()
            };
        }
        if let Some(rules) = &mut schema.array {
            self.read_items(&expansion.leaves, rules);
        }
        if let Some(rules) = &mut schema.object {
            self.read_properties(&expansion.leaves, rules);
        }
        self.read_opaque(&expansion.leaves, &mut schema);
        schema
    }

    /// Whether a schema object says nothing but which others it combines.
    pub(super) fn only_combines(&self, node: NodeId) -> bool {
        let mut keys = self.document.entries(node).iter().map(|entry| entry.key);
        keys.all(|key| is_annotation(key) || matches!(key, "$ref" | "allOf" | "anyOf" | "oneOf"))
    }
}
