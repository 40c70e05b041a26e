//! Drives progenitor, and finds out which operations it refuses.

use std::collections::BTreeSet;

use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use serde_json::{Map, Value};

use crate::error::{GenerateError, Place, Refusal, advice};
use crate::references::reach;
use crate::{panics, read};

/// The methods of a path item, in the order in which progenitor goes through them.
pub(crate) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// What progenitor made of a contract.
pub(crate) struct Generated {
    pub(crate) openapi: OpenAPI,
    pub(crate) tokens: TokenStream,
}

/// Generates, or says for every operation concerned why not.
pub(crate) fn generate(
    document: &Value,
    client_state: Option<TokenStream>,
) -> Result<Generated, GenerateError> {
    let openapi = read::openapi(document)?;
    let tokens = match attempt(&openapi, client_state) {
        Ok(tokens) => tokens,
        Err(message) => {
            return Err(GenerateError::Refused {
                refusals: blame(document, message),
            });
        }
    };
    Ok(Generated { openapi, tokens })
}

/// What else progenitor can make of a contract. The path leads to the generated client's module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extra {
    Cli,
    Mock,
}

/// Generates what goes with a client.
pub(crate) fn extra(
    openapi: &OpenAPI,
    extra: Extra,
    client: &str,
) -> Result<TokenStream, GenerateError> {
    let made = panics::catch(|| {
        let mut generator = Generator::new(&settings(None));
        match extra {
            Extra::Cli => generator.cli(openapi, client),
            Extra::Mock => generator.httpmock(openapi, client),
        }
    });
    let made = made.and_then(|result| result.map_err(|error| error.to_string()));
    made.map_err(|message| GenerateError::Refused {
        refusals: vec![refusal(None, message)],
    })
}

fn attempt(openapi: &OpenAPI, client_state: Option<TokenStream>) -> Result<TokenStream, String> {
    let settings = settings(client_state);
    panics::catch(|| Generator::new(&settings).generate_tokens(openapi))
        .and_then(|result| result.map_err(|error| error.to_string()))
}

fn settings(client_state: Option<TokenStream>) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_derive(crate::source::SCHEMA_DERIVE)
        // The order of a map's keys is then the same in every run of the consumer's program.
        .with_map_type("::std::collections::BTreeMap");
    if let Some(state) = client_state {
        settings.with_inner_type(state);
    }
    settings
}

/// Names the operations that cannot be generated even alone.
fn blame(document: &Value, whole: String) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    match refusal_of(document, &[]) {
        Some(message) => refusals.push(refusal(None, message)),
        None => search(document, &places(document), &mut refusals),
    }
    if refusals.is_empty() {
        // Each works alone: they disturb each other, and no single one is to blame.
        refusals.push(refusal(None, whole));
    }
    refusals
}

/// Halves the operations until those that are refused stand alone.
fn search(document: &Value, places: &[Place], refusals: &mut Vec<Refusal>) {
    let Some(message) = refusal_of(document, places) else {
        return;
    };
    match places {
        [] => {}
        [place] => refusals.push(refusal(Some(place.clone()), message)),
        _ => {
            let (left, right) = places.split_at(places.len() / 2);
            search(document, left, refusals);
            search(document, right, refusals);
        }
    }
}

fn refusal(place: Option<Place>, message: String) -> Refusal {
    // Some messages carry a whole data structure, over many lines.
    let message = message.lines().next().unwrap_or_default().to_owned();
    Refusal {
        place,
        advice: advice(&message),
        message,
    }
}

/// Why a contract of these operations alone is refused.
fn refusal_of(document: &Value, places: &[Place]) -> Option<String> {
    let openapi = match read::openapi(&only(document, places)) {
        Ok(openapi) => openapi,
        Err(error) => return Some(error.to_string()),
    };
    attempt(&openapi, None).err()
}

/// The contract of these operations alone, with the components they use.
///
/// Without any operation it is that of all components: they are refused by themselves.
fn only(document: &Value, places: &[Place]) -> Value {
    let mut paths = Map::new();
    for place in places {
        let item = document
            .get("paths")
            .and_then(|paths| paths.get(&place.path));
        let Some(item) = item.and_then(Value::as_object) else {
            continue;
        };
        let kept = paths.entry(&place.path).or_insert_with(|| {
            let mut shared = item.clone();
            shared.retain(|key, _| !METHODS.contains(&key.as_str()));
            Value::Object(shared)
        });
        if let (Some(kept), Some(operation)) = (kept.as_object_mut(), item.get(&place.method)) {
            kept.insert(place.method.clone(), operation.clone());
        }
    }
    let paths = Value::Object(paths);
    let mut used = BTreeSet::new();
    reach(document, Some(&paths), &mut used);

    let members = document.as_object().into_iter().flatten();
    let part = members.map(|(key, value)| {
        let value = match key.as_str() {
            "paths" => paths.clone(),
            "components" if !places.is_empty() => components(value, &used),
            _ => value.clone(),
        };
        (key.clone(), value)
    });
    Value::Object(part.collect())
}

/// The components that are used, of every kind.
fn components(all: &Value, used: &BTreeSet<String>) -> Value {
    let kinds = all
        .as_object()
        .into_iter()
        .flatten()
        .map(|(kind, members)| {
            let members = members.as_object().into_iter().flatten();
            let kept =
                members.filter(|(name, _)| used.contains(&format!("#/components/{kind}/{name}")));
            let kept: Map<String, Value> = kept
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            (kind.clone(), Value::Object(kept))
        });
    Value::Object(kinds.collect())
}

fn places(document: &Value) -> Vec<Place> {
    let paths = document
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    paths
        .flat_map(|(path, item)| {
            METHODS.iter().filter_map(move |method| {
                let operation = item.get(method)?;
                Some(Place {
                    path: path.clone(),
                    method: (*method).to_owned(),
                    operation_id: operation
                        .get("operationId")
                        .and_then(Value::as_str)
                        .map(str::to_owned),
                })
            })
        })
        .collect()
}
