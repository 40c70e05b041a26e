//! Conversion of schema objects to canonical schemas.
//!
//! A canonical schema is read from a *set* of schema objects that must all hold. `$ref` and `allOf`
//! add to this set, so neither is part of the result. Sets are memoized: a set that occurs while it
//! is being read is the same schema, which keeps recursive schemas finite. Schemas are read from a
//! queue instead of recursively, so that chains of references can have any length.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::interner::Interner;
use super::keyword_table::{Keyword, SchemaObject};
use super::keywords::{Keywords, is_annotation, is_compared};
use crate::document::{Document, Entries, NodeId, RefError, Value};
use crate::model::contract::Dialect;
use crate::model::problem::Problem;
use crate::model::schema::{Schema, SchemaId, Schemas, Union};

/// One of the schema objects that must hold together, or a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum SchemaSource {
    /// A schema object with all its keywords.
    Node(NodeId),
    /// A schema object without `nullable`.
    NotNullable(NodeId),
    /// A schema object without `$ref`, `allOf`, `anyOf` and `oneOf`.
    Base(NodeId),
    /// Only the `oneOf` (true) or `anyOf` (false) of a schema object.
    Alternatives(NodeId, bool),
    /// Only null is allowed.
    Null,
}

/// Reads the schemas of a document.
pub(super) struct SchemaReader<'a> {
    pub(super) document: &'a Document,
    pub(super) dialect: Dialect,
    pub(super) schemas: Schemas,
    /// The sources of each schema.
    pub(super) sources: Vec<Arc<[SchemaSource]>>,
    ids: HashMap<Arc<[SchemaSource]>, SchemaId>,
    queue: VecDeque<SchemaId>,
    components: HashMap<NodeId, String>,
    /// The unions of schemas before merging, with members that allow null; also of schemas with
    /// `not` and `if`, which decide about null like a union.
    pub(super) unions: BTreeMap<SchemaId, Vec<Union>>,
    /// The sources of schemas that only had unions of one member, apart from null. Without this
    /// cache, nested schemas of this kind would be read again for each schema around them.
    pub(super) flat: HashMap<SchemaId, Vec<SchemaSource>>,
    /// The schemas that had unions. Not all of their sources need to hold.
    pub(super) folded: HashSet<SchemaId>,
    /// The schemas whose unions are being merged, outermost first.
    pub(super) folding: Vec<SchemaId>,
    problems: Vec<Problem>,
    shared: Interner,
}

/// The keywords of a set of sources, after following references and `allOf`.
#[derive(Default)]
struct Expansion<'a> {
    leaves: Vec<SchemaObject<'a>>,
    /// Schema objects of which only the annotations apply.
    annotations: Vec<SchemaObject<'a>>,
    unions: Vec<(bool, Vec<Vec<SchemaSource>>, NodeId)>,
    /// Parts that cannot be read: the keyword, the object that has it, and its value.
    unreadable: Vec<(&'static str, NodeId, NodeId)>,
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
            sources: vec![Arc::default(); 2],
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

    /// The id of the schema of a schema object. The schema is read by [`SchemaReader::finish`].
    pub(super) fn schema(&mut self, node: NodeId) -> SchemaId {
        self.all_of(vec![SchemaSource::Node(node)])
    }

    /// Reads all requested schemas.
    pub(super) fn finish(mut self) -> (Schemas, Vec<Problem>) {
        self.drain();
        // Merging can request further schemas, with unions of their own.
        while !self.unions.is_empty() {
            for id in self.inner_unions_first() {
                self.fold(id);
            }
        }
        self.replace_never();
        self.simplify_conditions();
        self.replace_trivial_subschemas();
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
        self.sources.push(Arc::clone(&parts));
        self.ids.insert(parts, id);
        self.queue.push_back(id);
        id
    }

    /// Follows a `$ref` without siblings, so that a reference and its target are the same schema.
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

    /// The target of a `$ref`; `None` if it is unresolved, which is recorded as a problem.
    fn follow(&mut self, node: NodeId) -> Option<NodeId> {
        match self.document.resolve(node) {
            Ok(target) => Some(target),
            Err(error) => {
                self.unresolved(&error);
                None
            }
        }
    }

    fn unresolved(&mut self, error: &RefError) {
        let problem = Problem::unresolved(error);
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    pub(super) fn drain(&mut self) {
        while let Some(id) = self.queue.pop_front() {
            let parts = Arc::clone(&self.sources[id.0 as usize]);
            let expansion = self.expand(&parts);
            let mut schema = self.read(&expansion);
            if let [SchemaSource::Node(node) | SchemaSource::NotNullable(node)] = parts[..] {
                schema.node = Some(self.wrapped(node).0);
            }
            if let [SchemaSource::Node(node)] = parts[..] {
                schema.component = self.wrapped(node).1;
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

    /// The schema object that a schema object wraps, itself if it wraps none, and the name of its component.
    fn wrapped(&self, node: NodeId) -> (NodeId, Option<String>) {
        let mut node = node;
        // Wrappers are rarely nested more deeply.
        for _ in 0..4 {
            if let Some(name) = self.components.get(&node) {
                return (node, Some(name.clone()));
            }
            match self.next_wrapped(node) {
                Some(inner) => node = inner,
                None => return (node, None),
            }
        }
        (node, None)
    }

    /// The schema object that a schema object wraps directly.
    fn next_wrapped(&self, node: NodeId) -> Option<NodeId> {
        if !self.only_combines(node) {
            return None;
        }
        if self.document.get_text(node, "$ref").is_some() {
            return self.document.resolve(node).ok();
        }
        let members = ["allOf", "anyOf", "oneOf"].map(|keyword| self.document.get(node, keyword));
        let mut members = members
            .into_iter()
            .flatten()
            .flat_map(|list| self.document.elements(list).iter().copied())
            // "Or null" doesn't make another type in generated code, like `nullable`.
            .filter(|&member| self.document.get_text(member, "type") != Some("null"))
            .filter(|&member| self.alternative(member) != SchemaSource::Null);
        let (only, more) = (members.next()?, members.next());
        more.is_none().then_some(())?;
        self.document.resolve(only).ok()
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
                    expansion.unreadable.push(("schema", node, node));
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
                // Both are combined below this object; its annotations stay here.
                expansion.annotations.push(written);
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
            match self.document.resolve(node) {
                Ok(target) => todo.push(SchemaSource::Node(target)),
                Err(error) => {
                    // The last reference of a chain is the one to fix.
                    let last = error.at();
                    let value = self.document.get(last, "$ref").unwrap_or(last);
                    expansion.unreadable.push(("$ref", last, value));
                    self.unresolved(&error);
                }
            }
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
                    let members = several.iter().map(|&member| vec![self.alternative(member)]);
                    expansion
                        .unions
                        .push((exactly_one, members.collect(), node));
                }
            }
        }
        expansion.leaves.push(written);
    }

    /// The schemas that a combining keyword of a schema object has.
    fn members(&self, node: NodeId, keyword: &str) -> Vec<SchemaSource> {
        let list = self.document.get(node, keyword);
        let list = list.map_or(&[][..], |id| self.document.elements(id));
        list.iter().map(|&id| self.alternative(id)).collect()
    }

    /// A member of `anyOf` or `oneOf`. `nullable: true` alone allows everything by the letter of OpenAPI 3.0, but
    /// authors and tools mean null.
    fn alternative(&self, member: NodeId) -> SchemaSource {
        let document = self.document;
        let is_null = self.dialect == Dialect::OpenApi30
            && document.get_bool(member, "nullable") == Some(true)
            && document
                .entries(member)
                .iter()
                .all(|entry| is_annotation(entry.key));
        match is_null {
            true => SchemaSource::Null,
            false => SchemaSource::Node(member),
        }
    }

    /// `nullable` beside `allOf`, `anyOf` or `oneOf`, without a `type`. OpenAPI 3.0.3 gives it no
    /// effect, but authors mean "or null", and generators treat it so.
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
        for written in &expansion.annotations {
            keywords.annotations(written);
        }
        for &(keyword, holder, value) in &expansion.unreadable {
            keywords.add_unreadable(keyword, holder, value);
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

    /// Whether a schema object only combines others.
    pub(super) fn only_combines(&self, node: NodeId) -> bool {
        let mut keys = self.document.entries(node).iter().map(|entry| entry.key);
        keys.all(|key| is_annotation(key) || matches!(key, "$ref" | "allOf" | "anyOf" | "oneOf"))
    }
}
