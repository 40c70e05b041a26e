//! From schema objects to canonical schemas.
//!
//! A canonical schema is read from a *set* of schema objects that must all hold: `$ref` and `allOf`
//! only add to that set, so both vanish. Sets are memoised; a set that is met again while it is
//! being read is the same schema, which is how recursive schemas stay finite. Schemas are read from
//! a queue, not recursively, so that no chain of references is too long.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use super::keywords::{Keywords, is_annotation};
use super::{Problem, ProblemKind};
use crate::document::{Document, NodeId, RefError, Value};
use crate::model::contract::Dialect;
use crate::model::schema::{Opaque, Schema, SchemaId, Schemas, Union};

/// One of the things that must hold together in a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Part {
    /// A schema object with all it says.
    Node(NodeId),
    /// A schema object without `nullable`.
    NotNullable(NodeId),
    /// A schema object without `$ref`, `allOf`, `anyOf` and `oneOf`.
    Base(NodeId),
    /// `null` and nothing else.
    Null,
}

/// Reads the schemas of one document.
pub(super) struct SchemaReader<'a> {
    document: &'a Document,
    dialect: Dialect,
    schemas: Schemas,
    /// The parts each schema was read from.
    parts: Vec<Vec<Part>>,
    ids: HashMap<Vec<Part>, SchemaId>,
    queue: VecDeque<SchemaId>,
    components: HashMap<NodeId, String>,
    /// The unions of schemas before they were folded, with their members including null.
    unions: BTreeMap<SchemaId, Vec<Union>>,
    problems: Vec<Problem>,
}

/// What a set of parts says once references and `allOf` are followed.
#[derive(Default)]
struct Expansion {
    leaves: Vec<NodeId>,
    /// Schema objects of which only the annotations count.
    notes: Vec<NodeId>,
    unions: Vec<(bool, Vec<Vec<Part>>, NodeId)>,
    is_null: bool,
    is_never: bool,
}

impl<'a> SchemaReader<'a> {
    pub(super) fn new(document: &'a Document, dialect: Dialect) -> Self {
        let schemas = document.at_pointer("/components/schemas");
        let components = schemas
            .map_or(&[][..], |id| document.entries(id))
            .iter()
            .map(|entry| (entry.value, entry.key.to_string()))
            .collect();
        Self {
            document,
            dialect,
            schemas: Schemas::new(),
            parts: vec![Vec::new(); 2],
            ids: HashMap::new(),
            queue: VecDeque::new(),
            components,
            unions: BTreeMap::new(),
            problems: Vec::new(),
        }
    }

    /// The id of a schema object's schema. It is read when [`SchemaReader::finish`] is called.
    pub(super) fn schema(&mut self, node: NodeId) -> SchemaId {
        self.all_of(vec![Part::Node(node)])
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
        self.settle_not();
        self.settle_subschemas();
        (self.schemas, self.problems)
    }

    /// Gives schemas that allow everything or nothing their one id where others refer to them.
    fn settle_subschemas(&mut self) {
        let one_id = |schemas: &Schemas, id: SchemaId| {
            let schema = schemas.get(id);
            if schema.allows_everything() {
                Schemas::ANY
            } else if schema.is_never() {
                Schemas::NEVER
            } else {
                id
            }
        };
        for index in 0..self.schemas.schemas.len() {
            let schema = &self.schemas.schemas[index];
            let additional = schema
                .object
                .as_ref()
                .map(|rules| one_id(&self.schemas, rules.additional));
            let items = schema
                .array
                .as_ref()
                .map(|rules| one_id(&self.schemas, rules.items));
            let schema = &mut self.schemas.schemas[index];
            if let (Some(rules), Some(id)) = (&mut schema.object, additional) {
                rules.additional = id;
            }
            if let (Some(rules), Some(id)) = (&mut schema.array, items) {
                rules.items = id;
            }
        }
    }

    /// Forbids null where `not` does: null is decided by one flag alone.
    fn settle_not(&mut self) {
        for index in 0..self.schemas.schemas.len() {
            let schema = &self.schemas.schemas[index];
            let forbids =
                schema
                    .opaque
                    .get("not")
                    .into_iter()
                    .flatten()
                    .any(|opaque| match opaque {
                        Opaque::Schema(id) => self.schemas.get(*id).null,
                        Opaque::Json(_) | Opaque::Schemas(_) => false,
                    });
            if forbids {
                self.schemas.schemas[index].null = false;
            }
        }
    }

    fn all_of(&mut self, parts: Vec<Part>) -> SchemaId {
        let mut parts: Vec<Part> = parts.into_iter().map(|part| self.shorten(part)).collect();
        parts.sort_unstable();
        parts.dedup();
        let truth = |part: &Part| match part {
            Part::Node(node) => match self.document.node(*node).value {
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
        if let Some(&id) = self.ids.get(&parts) {
            return id;
        }
        let id = SchemaId(self.schemas.schemas.len() as u32);
        self.schemas.schemas.push(Schema::default());
        self.parts.push(parts.clone());
        self.ids.insert(parts, id);
        self.queue.push_back(id);
        id
    }

    /// Follows a `$ref` that stands alone, so that a reference and its target are one schema.
    fn shorten(&mut self, part: Part) -> Part {
        let Part::Node(mut node) = part else {
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
        Part::Node(node)
    }

    fn is_bare_reference(&self, node: NodeId) -> bool {
        let is_reference = self.document.get_text(node, "$ref").is_some();
        let is_alone = || {
            let mut keys = self.document.entries(node).iter().map(|entry| &*entry.key);
            keys.all(|key| key == "$ref" || is_annotation(key))
        };
        is_reference && (self.dialect == Dialect::OpenApi30 || is_alone())
    }

    /// The target of a `$ref`; nothing, and a problem noted, where it leads nowhere.
    fn follow(&mut self, node: NodeId) -> Option<NodeId> {
        match self.document.resolve(node) {
            Ok(target) => Some(target),
            Err(error) => {
                let problem = Problem::reference(&error);
                if !self.problems.contains(&problem) {
                    self.problems.push(problem);
                }
                None
            }
        }
    }

    fn drain(&mut self) {
        while let Some(id) = self.queue.pop_front() {
            let parts = self.parts[id.0 as usize].clone();
            let expansion = self.expand(&parts);
            let mut schema = self.read(&expansion);
            if let [Part::Node(node)] = parts[..] {
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
            if !unions.is_empty() {
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
            let members =
                ["allOf", "anyOf", "oneOf"].map(|keyword| self.document.get(node, keyword));
            let members: Vec<NodeId> = members
                .into_iter()
                .flatten()
                .flat_map(|list| self.document.elements(list).iter().copied())
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
        let mapping = self.document.get(discriminator, "mapping");
        let mapping = mapping
            .map_or(&[][..], |id| self.document.entries(id))
            .iter();
        let mapping = mapping.filter_map(|entry| {
            let target = self.document.text(entry.value)?;
            let name = target.rsplit('/').next().unwrap_or(target);
            Some((entry.key.to_string(), name.to_owned()))
        });
        Some((property.to_owned(), mapping.collect()))
    }

    fn expand(&mut self, parts: &[Part]) -> Expansion {
        let mut expansion = Expansion::default();
        let mut seen = HashSet::new();
        let mut todo: Vec<Part> = parts.iter().rev().copied().collect();
        while let Some(part) = todo.pop() {
            let part = self.shorten(part);
            if !seen.insert(part) {
                continue;
            }
            let (node, nullable_counts) = match part {
                Part::Null => {
                    expansion.is_null = true;
                    continue;
                }
                Part::Base(node) => {
                    expansion.leaves.push(node);
                    continue;
                }
                Part::NotNullable(node) => (node, false),
                Part::Node(node) => (node, true),
            };
            match &self.document.node(node).value {
                Value::Bool(true) => continue,
                Value::Bool(false) => {
                    expansion.is_never = true;
                    continue;
                }
                Value::Object(_) => {}
                other => {
                    let message =
                        format!("a schema must be an object, and this is {}", other.kind());
                    self.problems.push(Problem::invalid(node, &message));
                    continue;
                }
            }
            if nullable_counts && self.is_nullable_combination(node) {
                let members = vec![vec![Part::NotNullable(node)], vec![Part::Null]];
                expansion.unions.push((false, members, node));
                // The two of them are combined below this object; what it says to readers stays here.
                expansion.notes.push(node);
                continue;
            }
            self.expand_object(node, &mut expansion, &mut todo);
        }
        expansion
    }

    fn expand_object(&mut self, node: NodeId, expansion: &mut Expansion, todo: &mut Vec<Part>) {
        if self.document.get_text(node, "$ref").is_some() {
            todo.extend(self.follow(node).map(Part::Node));
            if self.dialect == Dialect::OpenApi30 {
                return;
            }
        }
        expansion.leaves.push(node);
        let members = |keyword| {
            let list = self.document.get(node, keyword);
            let list = list.map_or(&[][..], |id| self.document.elements(id));
            list.iter().map(|&id| Part::Node(id)).collect::<Vec<_>>()
        };
        todo.extend(members("allOf").into_iter().rev());
        for (keyword, exactly_one) in [("anyOf", false), ("oneOf", true)] {
            match members(keyword)[..] {
                [] => {}
                [only] => todo.push(only),
                ref several => {
                    let members = several.iter().map(|&member| vec![member]).collect();
                    expansion.unions.push((exactly_one, members, node));
                }
            }
        }
    }

    /// `nullable` beside `allOf`, `anyOf` or `oneOf`, without a `type`. OpenAPI 3.0.3 gives it no
    /// effect there, but everyone who writes it means "or null", and generators read it so.
    fn is_nullable_combination(&self, node: NodeId) -> bool {
        let has = |keyword| self.document.get(node, keyword).is_some();
        self.dialect == Dialect::OpenApi30
            && self.document.get_bool(node, "nullable") == Some(true)
            && !has("type")
            && (has("allOf") || has("anyOf") || has("oneOf"))
    }

    fn read(&mut self, expansion: &Expansion) -> Schema {
        let mut keywords = Keywords::new(self.document, self.dialect, &mut self.problems);
        for &leaf in &expansion.leaves {
            keywords.add(leaf);
        }
        for &node in &expansion.notes {
            keywords.notes(node);
        }
        let mut schema = keywords.finish();
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
        if let Some(mut rules) = schema.array.take() {
            self.read_items(&expansion.leaves, &mut rules);
            schema.array = Some(rules);
        }
        if let Some(mut rules) = schema.object.take() {
            self.read_properties(&expansion.leaves, &mut rules);
            schema.object = Some(rules);
        }
        self.read_opaque(&expansion.leaves, &mut schema);
        schema
    }

    /// Keeps the schemas of keywords that the form cannot hold, where they matter.
    fn read_opaque(&mut self, leaves: &[NodeId], schema: &mut Schema) {
        const SCHEMA: [&str; 8] = [
            "not",
            "if",
            "then",
            "else",
            "contains",
            "propertyNames",
            "unevaluatedProperties",
            "unevaluatedItems",
        ];
        for &leaf in leaves {
            for keyword in SCHEMA {
                if let Some(node) = self.document.get(leaf, keyword) {
                    let id = self.schema(node);
                    let said = schema.opaque.entry(keyword.to_owned()).or_default();
                    said.push(Opaque::Schema(id));
                }
            }
            if let Some(node) = self.document.get(leaf, "dependentSchemas") {
                let entries = self.document.entries(node);
                let schemas = entries.iter();
                let schemas = schemas
                    .map(|entry| (entry.key.to_string(), self.schema(entry.value)))
                    .collect();
                let said = schema
                    .opaque
                    .entry("dependentSchemas".to_owned())
                    .or_default();
                said.push(Opaque::Schemas(schemas));
            }
        }
        let (has_array, has_object) = (schema.array.is_some(), schema.object.is_some());
        schema.opaque.retain(|keyword, _| match keyword.as_str() {
            "contains" | "minContains" | "maxContains" | "unevaluatedItems" => has_array,
            "dependentRequired"
            | "dependentSchemas"
            | "propertyNames"
            | "unevaluatedProperties" => has_object,
            _ => true,
        });
    }

    fn read_items(&mut self, leaves: &[NodeId], rules: &mut crate::model::ArrayRules) {
        let prefix = |leaf: NodeId| {
            let list = self.document.get(leaf, "prefixItems");
            list.map_or(&[][..], |id| self.document.elements(id))
        };
        let longest = leaves
            .iter()
            .map(|&leaf| prefix(leaf).len())
            .max()
            .unwrap_or(0);
        let element = |leaf: NodeId, index: usize| {
            let own = prefix(leaf).get(index).copied();
            own.or_else(|| self.document.get(leaf, "items"))
                .map(Part::Node)
        };
        // The last index stands for all elements behind the prefixes.
        let elements: Vec<Vec<Part>> = (0..=longest)
            .map(|index| {
                leaves
                    .iter()
                    .filter_map(|&leaf| element(leaf, index))
                    .collect()
            })
            .collect();
        let mut ids: Vec<SchemaId> = elements
            .into_iter()
            .map(|parts| self.all_of(parts))
            .collect();
        rules.items = ids.pop().unwrap_or(Schemas::ANY);
        rules.prefix = ids;
    }

    fn read_properties(&mut self, leaves: &[NodeId], rules: &mut crate::model::ObjectRules) {
        let document = self.document;
        let members = |leaf: NodeId, keyword: &str| {
            document
                .get(leaf, keyword)
                .map_or(&[][..], |id| document.entries(id))
        };
        let additional = |leaf: NodeId| document.get(leaf, "additionalProperties");
        let mut properties: BTreeMap<&str, Vec<Part>> = BTreeMap::new();
        let mut patterns: BTreeMap<&str, Vec<Part>> = BTreeMap::new();
        for &leaf in leaves {
            for entry in members(leaf, "properties") {
                properties
                    .entry(&entry.key)
                    .or_default()
                    .push(Part::Node(entry.value));
            }
            for entry in members(leaf, "patternProperties") {
                patterns
                    .entry(&entry.key)
                    .or_default()
                    .push(Part::Node(entry.value));
            }
        }
        // What one object says about undeclared properties also counts for those that only another
        // object declares. With name patterns that cannot be told, and is left out.
        for (name, parts) in &mut properties {
            for &leaf in leaves {
                let declares = members(leaf, "properties")
                    .iter()
                    .any(|entry| *entry.key == **name);
                let has_patterns = !members(leaf, "patternProperties").is_empty();
                if !declares && !has_patterns {
                    parts.extend(additional(leaf).map(Part::Node));
                }
            }
        }
        let others: Vec<Part> = leaves
            .iter()
            .filter_map(|&leaf| additional(leaf))
            .map(Part::Node)
            .collect();
        rules.additional_is_declared = !others.is_empty();
        rules.additional = self.all_of(others);
        for (name, parts) in properties {
            let id = self.all_of(parts);
            rules.properties.insert(name.to_owned(), id);
        }
        for (pattern, parts) in patterns {
            let id = self.all_of(parts);
            rules.pattern_properties.insert(pattern.to_owned(), id);
        }
    }

    /// The schemas with unions, members before the schemas that contain them, as far as recursion
    /// allows.
    fn inner_unions_first(&self) -> Vec<SchemaId> {
        let mut order = Vec::new();
        let mut seen = HashSet::new();
        for &root in self.unions.keys() {
            let mut todo = vec![(root, false)];
            while let Some((id, is_done)) = todo.pop() {
                if is_done {
                    order.push(id);
                } else if self.unions.contains_key(&id) && seen.insert(id) {
                    todo.push((id, true));
                    let members = self.unions[&id].iter().flat_map(|union| &union.members);
                    todo.extend(members.map(|&member| (member, false)));
                }
            }
        }
        order
    }

    /// Settles null, and folds unions into the parts for the types where their members differ in
    /// type, or where one member is all that is left.
    fn fold(&mut self, id: SchemaId) {
        let Some(mut unions) = self.unions.remove(&id) else {
            return;
        };
        let base = self.schemas.get(id).clone();
        let mut null = base.null;
        for union in &mut unions {
            let with_null = union
                .members
                .iter()
                .filter(|&&member| self.schemas.get(member).null);
            let count = with_null.count();
            null &= if union.exactly_one {
                count == 1
            } else {
                count > 0
            };
            union.members.retain(|&member| {
                let schema = self.schemas.get(member);
                let is_pending = self.unions.contains_key(&member) || member == id;
                is_pending || schema.allows_some_value()
            });
        }
        let folded = self.fold_unions(&base, &unions);
        let mut schema = folded.unwrap_or_else(|| Schema {
            unions,
            ..base.clone()
        });
        schema.null = null;
        schema.component = base.component;
        schema.notes = base.notes;
        self.schemas.schemas[id.0 as usize] = schema;
    }

    /// A schema with its unions folded; nothing where they must stay as they are.
    fn fold_unions(&mut self, base: &Schema, unions: &[Union]) -> Option<Schema> {
        let (single, several): (Vec<&Union>, Vec<&Union>) =
            unions.iter().partition(|union| union.members.len() == 1);
        let mut own: Vec<Part> = Vec::new();
        for &leaf in &base.sources {
            if !self.only_combines(leaf) {
                own.push(Part::Base(leaf));
            }
        }
        for union in single {
            own.extend(&self.parts[union.members[0].0 as usize]);
        }
        match several[..] {
            [] => self.settled(own, base),
            [union] => {
                // Most unions are of objects: do not join them with the rest only to find that out.
                self.join_all(&union.members, Vec::new())?;
                let members: Vec<SchemaId> = union
                    .members
                    .iter()
                    .map(|&member| {
                        if own.is_empty() {
                            return member;
                        }
                        let parts = &self.parts[member.0 as usize];
                        self.all_of(parts.iter().chain(&own).copied().collect())
                    })
                    .collect();
                self.drain();
                self.join_all(&members, base.sources.clone())
            }
            _ => None,
        }
    }

    /// The schema of parts, once it is settled that it has no unions of its own to fold.
    fn settled(&mut self, parts: Vec<Part>, base: &Schema) -> Option<Schema> {
        let id = self.all_of(parts);
        self.drain();
        if self.unions.contains_key(&id) {
            return None;
        }
        let mut schema = self.schemas.get(id).clone();
        if schema.sources.is_empty() {
            schema.sources.clone_from(&base.sources);
        }
        Some(schema)
    }

    /// The members as one schema, unless two of them have rules for one type.
    fn join_all(&self, members: &[SchemaId], sources: Vec<NodeId>) -> Option<Schema> {
        let mut folded = Schema {
            sources,
            ..Schema::default()
        };
        for &member in members {
            let schema = self.schemas.get(member);
            let is_settled = schema.is_plain() && !self.unions.contains_key(&member);
            if !is_settled || !join(&mut folded, schema) {
                return None;
            }
        }
        Some(folded)
    }

    /// Whether a schema object says nothing but which others it combines.
    fn only_combines(&self, node: NodeId) -> bool {
        let mut keys = self.document.entries(node).iter().map(|entry| &*entry.key);
        keys.all(|key| is_annotation(key) || matches!(key, "$ref" | "allOf" | "anyOf" | "oneOf"))
    }
}

/// Adds the parts of `member` to `folded`; false when both have rules for one type.
fn join(folded: &mut Schema, member: &Schema) -> bool {
    fn take<T: Clone>(slot: &mut Option<T>, other: &Option<T>) -> bool {
        let is_clash = slot.is_some() && other.is_some();
        if slot.is_none() {
            slot.clone_from(other);
        }
        !is_clash
    }
    let booleans_clash = folded.boolean.is_any() && member.boolean.is_any();
    if member.boolean.is_any() {
        folded.boolean = member.boolean;
    }
    folded.sources.extend(&member.sources);
    !booleans_clash
        && take(&mut folded.number, &member.number)
        && take(&mut folded.string, &member.string)
        && take(&mut folded.array, &member.array)
        && take(&mut folded.object, &member.object)
}

impl Problem {
    pub(super) fn reference(error: &RefError) -> Self {
        Self {
            kind: ProblemKind::UnresolvedReference,
            node: error.at(),
            message: error.to_string(),
        }
    }

    pub(super) fn invalid(node: NodeId, message: &str) -> Self {
        Self {
            kind: ProblemKind::Invalid,
            node,
            message: message.to_owned(),
        }
    }
}
