//! The responses of an operation: one type for all successes, and one for all errors.
//!
//! JSON bodies of several types become a union, and a success without a body next to others with one is `None`.
//! Bodies that do not fit the type are returned to the caller unread. `default` applies to all statuses that the
//! contract does not declare: it is an error, unless it is the only response, or has the body of all successes.

use openapi_contract::document::{Document, NodeId};
use openapi_contract::model::{Contract, MediaType, Operation, Response, SchemaId, StatusPattern};

use super::data::{
    ItemsPlan, Reading, ResponseBody, ResponseHeaders, ResponsePlan, ResultType, Statuses,
    StreamPlan, VariantPlan,
};
use super::findings::{Findings, Loss};
use super::headers;
use super::schemas::{Content, are_same, contents, is_header_value, is_string};
use crate::rules;
use crate::types::{TypeKind, TypePlanner, TypeRef, TypeSet};

const JSON: &str = "application/json";

/// What a client does with the responses of an operation.
#[derive(Debug)]
pub(super) struct ResponsesPlan {
    pub(super) accept: Option<String>,
    pub(super) statuses: Vec<StatusPattern>,
    pub(super) stream: Option<StreamPlan>,
    pub(super) responses: Vec<ResponsePlan>,
    pub(super) success: ResultType,
    pub(super) error: ResultType,
    pub(super) headers: Vec<ResponseHeaders>,
}

/// What the responses of an operation are read with.
pub(super) struct ResponseReader<'a, 'c, 'f> {
    pub(super) contract: &'c Contract,
    pub(super) operation: &'c Operation,
    pub(super) id: &'a str,
    pub(super) is_head: bool,
    pub(super) is_websocket: bool,
    pub(super) types: &'a mut TypePlanner<'c>,
    pub(super) findings: &'a mut Findings<'f>,
}

/// A declared response.
#[derive(Debug)]
struct Declared {
    pattern: StatusPattern,
    node: NodeId,
    kind: Kind,
    /// The media types that the client reads, as written.
    accept: Vec<String>,
    /// The stream of items that it offers next to JSON.
    items: Option<ItemsPlan>,
}

/// The kind of body that a response has.
#[derive(Debug, Clone)]
enum Kind {
    /// JSON of several types, if media types have different schemas.
    Json(Vec<JsonBody>),
    Items(ItemsPlan),
    Text,
    Bytes,
    Empty,
    /// Another protocol, after status 101.
    Upgrade,
}

/// The JSON of media types with one schema.
#[derive(Debug, Clone)]
struct JsonBody {
    schema: SchemaId,
    media_type: String,
    /// The other JSON media types.
    other_json: Vec<String>,
    /// The media types other than JSON ones that contain the same.
    also: Vec<String>,
}

/// Whether responses are successes or errors. All of one role have one Rust type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Success,
    Error,
}

/// The type of a role, and the body of each of its responses; nothing for those that do not fit the type.
struct Resolved {
    result: ResultType,
    bodies: Vec<Option<ResponseBody>>,
}

impl ResponseReader<'_, '_, '_> {
    pub(super) fn read(mut self) -> ResponsesPlan {
        let mut declared = self.declared();
        let statuses = declared.iter().map(|one| one.pattern).collect();
        let headers = self.headers(&declared);
        self.complete_websocket(&mut declared);
        let (mut successes, mut errors, mut others) = (Vec::new(), Vec::new(), Vec::new());
        let mut default = None;
        for one in &declared {
            match one.pattern {
                StatusPattern::Default => default = Some(one),
                StatusPattern::Code(101 | 200..=299) | StatusPattern::Range(2) => {
                    successes.push(one);
                }
                pattern if is_error(pattern) => errors.push(one),
                StatusPattern::Code(_) | StatusPattern::Range(_) => others.push(one),
            }
        }
        let mut plans = Plans::default();
        let success = self.success(&successes, default, &mut plans);
        errors.extend(default.filter(|default| {
            // A body that the contract does not declare is left to the caller.
            !matches!(default.kind, Kind::Empty)
                || successes
                    .iter()
                    .chain(&errors)
                    .all(|one| matches!(one.kind, Kind::Empty))
        }));
        let error = self.errors(&errors, &mut plans);
        self.others(&others, &mut plans);
        plans.add(Statuses::Rest, Reading::Unexpected);
        let responses = plans.finish();
        ResponsesPlan {
            accept: accept(&declared, &responses),
            statuses,
            stream: stream(&successes, &responses),
            responses,
            success,
            error,
            headers,
        }
    }

    /// The responses in the order of the contract.
    fn declared(&mut self) -> Vec<Declared> {
        let contract = self.contract;
        let document: &Document = &contract.document;
        let mut declared: Vec<Declared> = Vec::new();
        for entry in document.members(self.operation.node, "responses") {
            let Some(pattern) = StatusPattern::parse(entry.key) else {
                continue;
            };
            let Some(response) = self.operation.responses.get(&pattern) else {
                continue;
            };
            // `4XX` and `4xx` are one pattern.
            if declared.iter().all(|one| one.pattern != pattern) {
                declared.push(self.response(pattern, response));
            }
        }
        declared
    }

    fn response(&mut self, pattern: StatusPattern, response: &Response) -> Declared {
        let contract = self.contract;
        let written = contents(&contract.document, response.node, &response.content);
        let has_no_body = self.is_head || matches!(pattern, StatusPattern::Code(204 | 205 | 304));
        let mut declared = Declared {
            pattern,
            node: response.node,
            kind: Kind::Empty,
            accept: Vec::new(),
            items: None,
        };
        if has_no_body && !written.is_empty() {
            let fact = match self.is_head {
                true => {
                    "a response to `HEAD` has no body in HTTP; its content is ignored".to_owned()
                }
                false => {
                    format!("a response {pattern} has no body in HTTP; its content is ignored")
                }
            };
            let loss = Loss::new(
                fact,
                "The client reads no body.",
                format!("Remove `content` from the response {pattern}."),
            );
            self.findings
                .weakened(rules::RESPONSES, response.node, loss);
        }
        if has_no_body || written.is_empty() {
            if pattern == StatusPattern::Code(101) {
                declared.kind = Kind::Upgrade;
            }
            return declared;
        }
        let offered = written
            .iter()
            .find_map(|content| Some((content, content.items(contract)?)))
            .filter(|_| !is_error(pattern));
        let items = offered.map(|(content, (kind, schema))| ItemsPlan {
            media_type: content.written.to_owned(),
            kind,
            schema,
            ty: self.types.in_response(schema),
        });
        let json = self.json(response.node, &written, items.as_ref());
        if !json.is_empty() {
            declared.accept = json
                .iter()
                .flat_map(|body| [&body.media_type].into_iter().chain(&body.other_json))
                .map(|media_type| match media_type.contains('*') {
                    // A range with a schema is read as JSON.
                    true => JSON.to_owned(),
                    false => media_type.clone(),
                })
                .collect();
            // Media types with the same schema as the preferred one are not asked for.
            if json.len() == 1 {
                declared.accept.truncate(1);
            }
            declared.kind = Kind::Json(json);
            declared.items = items;
            return declared;
        }
        if pattern == StatusPattern::Code(101) {
            declared.kind = Kind::Upgrade;
            return declared;
        }
        let read: Vec<&Content<'_>> = match &items {
            Some(items) => {
                let others = written.iter().filter(|one| one.written != items.media_type);
                self.record_unread(response.node, &items.media_type, others);
                let read = written.iter().filter(|one| one.written == items.media_type);
                read.collect()
            }
            None => written.iter().collect(),
        };
        declared.accept = read.iter().map(|one| one.written.to_owned()).collect();
        declared.kind = match items {
            Some(items) => Kind::Items(items),
            None if read
                .iter()
                .all(|one| one.media_type.essence() == "text/plain") =>
            {
                Kind::Text
            }
            None => Kind::Bytes,
        };
        declared
    }

    /// The JSON that a response can have, the preferred one first.
    fn json(
        &mut self,
        response: NodeId,
        written: &[Content<'_>],
        items: Option<&ItemsPlan>,
    ) -> Vec<JsonBody> {
        let contract = self.contract;
        let is_exact = |one: &&Content<'_>| one.media_type.essence() == JSON;
        // A range with a schema is JSON.
        let is_data = |one: &&Content<'_>| {
            let schema = contract.schemas.get(one.body.schema);
            one.media_type.essence() == "*/*"
                && one.body.schema_node.is_some()
                && (schema.component.is_some() || !is_string(schema))
        };
        let all = || written.iter();
        let chosen = all()
            .find(is_exact)
            .or_else(|| all().find(|one| one.media_type.is_json()))
            .or_else(|| all().find(is_data));
        let Some(chosen) = chosen else {
            return Vec::new();
        };
        if chosen.media_type.is_range() {
            let loss = Loss::new(
                format!(
                    "the media type of the response is `{}`; the client expects JSON",
                    chosen.written
                ),
                "The client fails to read a body that is not JSON.",
                "Write `application/json`, or the media type that the server sends.",
            );
            self.findings
                .weakened(rules::RESPONSES, chosen.body.node, loss);
        }
        let is_chosen = |one: &Content<'_>| one.body.node == chosen.body.node;
        let is_stream = |one: &Content<'_>| one.items(contract).is_some();
        let mut bodies = vec![JsonBody {
            schema: chosen.body.schema,
            media_type: chosen.written.to_owned(),
            other_json: Vec::new(),
            also: Vec::new(),
        }];
        let json = all().filter(|one| one.media_type.is_json() && !is_chosen(one));
        for one in json {
            let is_same = |body: &&mut JsonBody| are_same(contract, body.schema, one.body.schema);
            match bodies.iter_mut().find(is_same) {
                Some(body) => body.other_json.push(one.written.to_owned()),
                None => bodies.push(JsonBody {
                    schema: one.body.schema,
                    media_type: one.written.to_owned(),
                    other_json: Vec::new(),
                    also: Vec::new(),
                }),
            }
        }
        let mut unread = Vec::new();
        let mut has_other_form = false;
        let others = all().filter(|one| !one.media_type.is_json() && !is_chosen(one));
        for one in others {
            let is_same = |body: &&mut JsonBody| {
                !is_stream(one) && are_same(contract, body.schema, one.body.schema)
            };
            if let Some(body) = bodies.iter_mut().find(is_same) {
                has_other_form = true;
                if can_be_json(&one.media_type) {
                    body.also.push(one.media_type.essence().to_owned());
                }
            } else if items.is_none_or(|items| items.media_type != one.written) {
                unread.push(one);
            }
        }
        let has_same = has_other_form || bodies.iter().any(|body| !body.other_json.is_empty());
        if has_same && unread.is_empty() {
            let fact = format!(
                "the media types of the response have the same content; the client requests `{}`",
                chosen.written
            );
            self.findings.exact(rules::RESPONSES, response, fact);
        }
        self.record_unread(response, chosen.written, unread.into_iter());
        bodies
    }

    /// Records the media types of a response that the client does not read.
    fn record_unread<'w>(
        &mut self,
        response: NodeId,
        read: &str,
        unread: impl Iterator<Item = &'w Content<'w>>,
    ) {
        let unread: Vec<String> = unread.map(|one| format!("`{}`", one.written)).collect();
        if unread.is_empty() {
            return;
        }
        let unread = unread.join(", ");
        let loss = Loss::new(
            format!("the response has several media types; the client only reads `{read}`"),
            format!("The client does not request or read {unread}."),
            format!(
                "Remove the other media types, or send requests for {unread} with another HTTP client."
            ),
        );
        self.findings.weakened(rules::RESPONSES, response, loss);
    }

    fn headers(&self, declared: &[Declared]) -> Vec<ResponseHeaders> {
        let headers = declared.iter().filter_map(|one| {
            let response = self.operation.responses.get(&one.pattern)?;
            Some(ResponseHeaders {
                status: one.pattern,
                headers: headers::read(self.contract, response),
            })
        });
        headers.filter(|one| !one.headers.is_empty()).collect()
    }

    /// Adds the status 101 of a web socket, which old versions of Dropshot do not declare.
    fn complete_websocket(&mut self, declared: &mut Vec<Declared>) {
        let upgrade = StatusPattern::Code(101);
        if !self.is_websocket || declared.iter().any(|one| one.pattern == upgrade) {
            return;
        }
        let node = self.operation.node;
        let fact = "the web socket does not declare status 101, which the client expects";
        self.findings.exact(rules::RESPONSES, node, fact);
        declared.retain(|one| {
            !matches!(
                one.pattern,
                StatusPattern::Code(200..=299) | StatusPattern::Range(2) | StatusPattern::Default
            )
        });
        declared.push(Declared {
            pattern: upgrade,
            node,
            kind: Kind::Upgrade,
            accept: Vec::new(),
            items: None,
        });
    }

    fn success(
        &mut self,
        successes: &[&Declared],
        default: Option<&Declared>,
        plans: &mut Plans,
    ) -> ResultType {
        let is_upgrade = |one: &&&Declared| matches!(one.kind, Kind::Upgrade);
        let mut read = successes.to_vec();
        if let Some(upgrade) = successes.iter().find(is_upgrade)
            && successes.len() > 1
        {
            let loss = Loss::new(
                "a response 101 is returned as `Error::UnexpectedResponse`, because other successes do not upgrade",
                "The client does not return the upgraded connection as a success.",
                "Use an operation of its own for the upgrade.",
            );
            self.findings.weakened(rules::RESPONSES, upgrade.node, loss);
            plans.add(Statuses::of(upgrade.pattern), Reading::Unexpected);
            read.retain(|one| !matches!(one.kind, Kind::Upgrade));
        }
        let covers_all = read
            .iter()
            .any(|one| one.pattern == StatusPattern::Range(2));
        let default = default.filter(|default| {
            let mut all = read.iter();
            !covers_all && all.all(|one| self.is_same_kind(&one.kind, &default.kind))
        });
        read.extend(default);
        if read.is_empty() {
            // The contract declares no success: whatever arrives is one.
            plans.add(Statuses::SUCCESS, Reading::Success(ResponseBody::Stream));
            return ResultType::Bytes;
        }
        let resolved = self.resolve(Role::Success, &read);
        for (one, body) in read.iter().zip(resolved.bodies) {
            let statuses = match one.pattern {
                StatusPattern::Default => Statuses::SUCCESS,
                pattern => Statuses::of(pattern),
            };
            plans.add(statuses, body.map_or(Reading::Unexpected, Reading::Success));
        }
        resolved.result
    }

    fn errors(&mut self, errors: &[&Declared], plans: &mut Plans) -> ResultType {
        let resolved = self.resolve(Role::Error, errors);
        for (one, body) in errors.iter().zip(resolved.bodies) {
            let reading = body.map_or(Reading::Unexpected, Reading::Error);
            plans.add(Statuses::of(one.pattern), reading);
        }
        resolved.result
    }

    /// Responses that are neither success nor error are returned to the caller.
    fn others(&mut self, others: &[&Declared], plans: &mut Plans) {
        for one in others {
            let status = one.pattern;
            if !matches!(one.kind, Kind::Empty) {
                let loss = Loss::new(
                    format!("a response {status} is returned as `Error::UnexpectedResponse`"),
                    "The client does not read the body.",
                    format!(
                        "Read the body of the response in `Error::UnexpectedResponse`, or use another status than {status}."
                    ),
                );
                self.findings.weakened(rules::RESPONSES, one.node, loss);
            }
            if plans.has_rest() {
                plans.add(Statuses::of(status), Reading::Unexpected);
            }
        }
    }

    fn is_same_kind(&self, one: &Kind, other: &Kind) -> bool {
        match (one, other) {
            (Kind::Json(one), Kind::Json(other)) => {
                one.len() == other.len()
                    && one
                        .iter()
                        .zip(other)
                        .all(|(one, other)| are_same(self.contract, one.schema, other.schema))
            }
            (Kind::Items(one), Kind::Items(other)) => {
                one.kind == other.kind && are_same(self.contract, one.schema, other.schema)
            }
            (Kind::Text, Kind::Text)
            | (Kind::Bytes, Kind::Bytes)
            | (Kind::Empty, Kind::Empty)
            | (Kind::Upgrade, Kind::Upgrade) => true,
            _ => false,
        }
    }

    /// The type of all responses of a role.
    fn resolve(&mut self, role: Role, all: &[&Declared]) -> Resolved {
        let has = |is_it: fn(&Kind) -> bool| all.iter().any(|one| is_it(&one.kind));
        if has(|kind| matches!(kind, Kind::Json(_))) {
            return self.resolve_json(role, all);
        }
        let items = all.iter().find_map(|one| match &one.kind {
            Kind::Items(items) => Some(items.clone()),
            _ => None,
        });
        if let Some(items) = items {
            return self.resolve_items(all, items);
        }
        let has_bytes = has(|kind| matches!(kind, Kind::Bytes));
        let has_text = has(|kind| matches!(kind, Kind::Text));
        let has_upgrade = has(|kind| matches!(kind, Kind::Upgrade));
        let (result, body) = match () {
            () if has_bytes => (ResultType::Bytes, ResponseBody::Stream),
            () if has_text => (ResultType::Text, ResponseBody::Text),
            () if has_upgrade => (ResultType::Upgraded, ResponseBody::Upgrade),
            () => (ResultType::Empty, ResponseBody::Empty),
        };
        let is_raw = has_bytes || has_text;
        let bodies = all.iter().map(|one| {
            // A missing body is an empty one for successes.
            if role == Role::Error && is_raw && matches!(one.kind, Kind::Empty) {
                self.record_unlike(one);
                return None;
            }
            Some(body.clone())
        });
        let bodies = bodies.collect();
        Resolved { result, bodies }
    }

    /// Responses of which some are streams of items: those that are not the same stream do not fit.
    fn resolve_items(&mut self, all: &[&Declared], items: ItemsPlan) -> Resolved {
        let kind = Kind::Items(items.clone());
        let bodies = all.iter().map(|one| {
            if self.is_same_kind(&one.kind, &kind) {
                return Some(ResponseBody::Items(items.clone()));
            }
            let loss = Loss::new(
                format!(
                    "a response {} is not the stream that others are; it is returned as `Error::UnexpectedResponse`",
                    one.pattern
                ),
                "The client does not read the body.",
                format!("Use an operation of its own for {}.", one.pattern),
            );
            self.findings.weakened(rules::RESPONSES, one.node, loss);
            None
        });
        let bodies = bodies.collect();
        Resolved {
            result: ResultType::Items(items),
            bodies,
        }
    }

    /// Responses of which some are JSON: those that are not do not fit, except successes without a body.
    fn resolve_json(&mut self, role: Role, all: &[&Declared]) -> Resolved {
        let union = self.union(role, all);
        let mut is_optional = false;
        let mut bodies = Vec::new();
        for one in all {
            let body = match &one.kind {
                Kind::Json(json) => Some(union.body(self.contract, json)),
                Kind::Empty if role == Role::Success => {
                    is_optional = true;
                    let fact = format!(
                        "other successes have a body; a response {} without one is `None`",
                        one.pattern
                    );
                    self.findings.exact(rules::RESPONSES, one.node, fact);
                    Some(ResponseBody::Absent)
                }
                Kind::Empty => {
                    self.record_unlike(one);
                    None
                }
                Kind::Items(_) | Kind::Text | Kind::Bytes | Kind::Upgrade => {
                    let status = one.pattern;
                    let loss = Loss::new(
                        format!(
                            "a response {status} is not JSON, unlike others; it is returned as `Error::UnexpectedResponse`"
                        ),
                        "The client does not read the body.",
                        format!(
                            "Use JSON for {status}, or the same media type for all these responses."
                        ),
                    );
                    self.findings.weakened(rules::RESPONSES, one.node, loss);
                    None
                }
            };
            bodies.push(body);
        }
        let ty = union.ty;
        Resolved {
            result: match is_optional {
                true => ResultType::OptionalJson(ty),
                false => ResultType::Json(ty),
            },
            bodies,
        }
    }

    /// Records an error without a body, next to others with one.
    fn record_unlike(&mut self, one: &Declared) {
        let fact = format!(
            "a response {} has no body, unlike other errors; it is returned as `Error::UnexpectedResponse`",
            one.pattern
        );
        self.findings.exact(rules::RESPONSES, one.node, fact);
    }

    /// The type of the JSON bodies of several responses.
    fn union(&mut self, role: Role, all: &[&Declared]) -> JsonUnion {
        let called = match role {
            Role::Success => "Response",
            Role::Error => "Error",
        };
        let mut alternatives: Vec<Alternative> = Vec::new();
        let mut statuses = Vec::new();
        for one in all {
            let Kind::Json(json) = &one.kind else {
                continue;
            };
            statuses.push(one.pattern.to_string());
            for body in json {
                let is_known =
                    |known: &Alternative| are_same(self.contract, known.schema, body.schema);
                if alternatives.iter().any(is_known) {
                    continue;
                }
                let component = self.contract.schemas.get(body.schema).component.clone();
                alternatives.push(Alternative {
                    schema: body.schema,
                    words: component
                        .unwrap_or_else(|| format!("{}_{called}_{}", self.id, one.pattern)),
                    ty: self.types.in_response(body.schema),
                    variant: None,
                });
            }
        }
        // Different schemas may have one type.
        let mut types: Vec<(String, TypeRef)> = Vec::new();
        for one in &alternatives {
            if types.iter().all(|(_, known)| *known != one.ty) {
                types.push((one.words.clone(), one.ty.clone()));
            }
        }
        if let [(_, only)] = types.as_slice() {
            return JsonUnion {
                ty: only.clone(),
                alternatives,
            };
        }
        let fact = format!(
            "the bodies of {} become one union type; each status has its own alternative",
            statuses.join(", ")
        );
        let node = self.operation.node;
        let node = self
            .contract
            .document
            .get(node, "responses")
            .unwrap_or(node);
        self.findings.exact(rules::RESPONSES, node, fact);
        let name = format!("{}_{called}", self.id);
        let (union, names) = self.types.union(&name, types.clone());
        for one in &mut alternatives {
            let at = types.iter().position(|(_, ty)| *ty == one.ty);
            let name = at.and_then(|at| names.get(at));
            one.variant = name.cloned();
        }
        JsonUnion {
            ty: TypeRef::Named(union),
            alternatives,
        }
    }
}

/// Marks the variants that have a box of their type.
pub(super) fn mark_boxes(responses: &mut [ResponsePlan], types: &TypeSet) {
    for response in responses {
        let (Reading::Success(body) | Reading::Error(body)) = &mut response.reading else {
            continue;
        };
        let variants = match body {
            ResponseBody::Variant(variant) => std::slice::from_mut(variant),
            ResponseBody::ByMediaType(variants) => variants.as_mut_slice(),
            _ => continue,
        };
        for one in variants {
            if let TypeKind::Union(union) = &types.get(one.union).kind {
                let mut declared = union.variants.iter();
                let declared = declared.find(|declared| declared.name == one.variant);
                one.is_boxed =
                    declared.is_some_and(|declared| matches!(declared.ty, TypeRef::Boxed(_)));
            }
        }
    }
}

/// The type of the JSON bodies of several responses.
struct JsonUnion {
    ty: TypeRef,
    alternatives: Vec<Alternative>,
}

/// A JSON body with a schema of its own.
struct Alternative {
    schema: SchemaId,
    /// The words of its variant.
    words: String,
    ty: TypeRef,
    /// The name of its variant; nothing if the type is no union.
    variant: Option<String>,
}

impl JsonUnion {
    /// The body of a response.
    fn body(&self, contract: &Contract, json: &[JsonBody]) -> ResponseBody {
        let mut variants: Vec<VariantPlan> = json
            .iter()
            .filter_map(|body| self.variant(contract, body))
            .collect();
        match (variants.len(), json) {
            (0, [body, others @ ..]) => {
                let also = [body].into_iter().chain(others);
                ResponseBody::Json {
                    ty: self.ty.clone(),
                    media_type: body.media_type.clone(),
                    also: also.flat_map(|body| body.also.clone()).collect(),
                }
            }
            (1, [body, ..]) => {
                let mut variant = variants.remove(0);
                variant.also = body.also.clone();
                ResponseBody::Variant(variant)
            }
            _ => ResponseBody::ByMediaType(variants),
        }
    }

    fn variant(&self, contract: &Contract, body: &JsonBody) -> Option<VariantPlan> {
        let TypeRef::Named(union) = self.ty else {
            return None;
        };
        let mut alternatives = self.alternatives.iter();
        let one = alternatives.find(|one| are_same(contract, one.schema, body.schema))?;
        let variant = one.variant.clone()?;
        Some(VariantPlan {
            union,
            variant,
            // Types are boxed when all are known.
            is_boxed: false,
            ty: one.ty.clone(),
            media_type: body.media_type.clone(),
            also: body.other_json.iter().chain(&body.also).cloned().collect(),
        })
    }
}

/// The readings of responses.
#[derive(Debug, Default)]
struct Plans {
    plans: Vec<ResponsePlan>,
}

impl Plans {
    /// Adds a reading, unless the statuses have one.
    fn add(&mut self, statuses: Statuses, reading: Reading) {
        if !self.plans.iter().any(|plan| plan.statuses == statuses) {
            self.plans.push(ResponsePlan { statuses, reading });
        }
    }

    /// Whether undeclared statuses are read.
    fn has_rest(&self) -> bool {
        let mut plans = self.plans.iter();
        plans.any(|plan| plan.statuses == Statuses::Rest && plan.reading != Reading::Unexpected)
    }

    fn finish(mut self) -> Vec<ResponsePlan> {
        // A range must come after the statuses that it contains.
        self.plans.sort_by_key(|plan| plan.statuses.width());
        self.plans
    }
}

/// Whether responses with a declared status are errors.
pub(super) fn is_error(pattern: StatusPattern) -> bool {
    matches!(
        pattern,
        StatusPattern::Code(400..=599) | StatusPattern::Range(4 | 5)
    )
}

/// The value of `Accept`: what the client reads of successes, then of errors.
fn accept(declared: &[Declared], responses: &[ResponsePlan]) -> Option<String> {
    let is_error = |one: &&Declared| is_error(one.pattern);
    let is_read = |one: &&Declared| {
        let statuses = Statuses::of(one.pattern);
        let mut all = responses.iter();
        all.any(|plan| plan.statuses == statuses && plan.reading != Reading::Unexpected)
    };
    let successes = declared.iter().filter(|one| !is_error(one));
    let errors = declared.iter().filter(is_error);
    let mut accepted: Vec<&str> = Vec::new();
    for one in successes.chain(errors).filter(is_read) {
        for media_type in &one.accept {
            if !accepted.contains(&media_type.as_str()) && is_header_value(media_type) {
                accepted.push(media_type);
            }
        }
    }
    (!accepted.is_empty()).then(|| accepted.join(", "))
}

/// Whether servers send JSON in a media type that is not one of JSON. Others are representations of their own, which
/// the client does not request.
fn can_be_json(media_type: &MediaType) -> bool {
    media_type.is_range() || media_type.essence() == "text/plain"
}

/// The stream of items that the operation offers next to JSON.
fn stream(successes: &[&Declared], responses: &[ResponsePlan]) -> Option<StreamPlan> {
    let is_read = |statuses: Statuses| {
        let mut all = responses.iter();
        all.any(|plan| plan.statuses == statuses && plan.reading != Reading::Unexpected)
    };
    successes.iter().find_map(|one| {
        let statuses = Statuses::of(one.pattern);
        Some(StreamPlan {
            items: one.items.clone().filter(|_| is_read(statuses))?,
            statuses,
        })
    })
}
