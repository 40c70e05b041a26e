//! The parameters of an operation.

use openapi_contract::model::ParameterIn;
use openapi_contract::rust_names;
use serde_json::Value;

use super::{ParameterPlan, PlanSource, Style};
use crate::error::GenerateError;
use crate::lower::{Lowered, walk};

pub(super) fn read(
    source: &PlanSource<'_>,
    lowered: &Lowered<'_>,
    id: &str,
) -> Result<Vec<ParameterPlan>, GenerateError> {
    let count = |of: &Value| walk::elements(of.get("parameters")).count();
    if count(source.operation) != count(source.draft) {
        return Err(GenerateError::UnexpectedCode(format!(
            "the number of parameters of `{id}` in the document of progenitor"
        )));
    }
    let written = walk::elements(source.operation.get("parameters"));
    let drafts = walk::elements(source.draft.get("parameters"));
    written
        .zip(drafts)
        .map(|(parameter, draft)| {
            let text = |of: &Value, key: &str| {
                let text = of.get(key).and_then(Value::as_str);
                text.unwrap_or_default().to_owned()
            };
            let (name, draft_name) = (text(parameter, "name"), text(draft, "name"));
            let location = match text(parameter, "in").as_str() {
                "path" => ParameterIn::Path,
                "query" => ParameterIn::Query,
                "header" => ParameterIn::Header,
                "cookie" => ParameterIn::Cookie,
                other => {
                    return Err(GenerateError::UnexpectedCode(format!(
                        "the location `{other}` of the parameter `{name}` of `{id}`"
                    )));
                }
            };
            if lowered.mangler.demangle(&draft_name) != name {
                return Err(GenerateError::UnexpectedCode(format!(
                    "the parameter `{name}` of `{id}` in the document of progenitor"
                )));
            }
            let styled = source.overrides.styled(&location.to_string(), &name);
            Ok(ParameterPlan {
                setter: rust_names::setter_name(&draft_name),
                style: style(parameter, location),
                required: parameter.get("required").and_then(Value::as_bool) == Some(true),
                is_wrapped_in_array: styled.is_some_and(|styled| styled.is_wrapped_in_array),
                name,
                location,
            })
        })
        .collect()
}

/// The style of a parameter or of a field of a form, with the defaults of the specification. Lowering has removed styles that do not
/// apply to the location.
pub(super) fn style(parameter: &Value, location: ParameterIn) -> Style {
    if parameter.get("content").is_some() {
        return Style::Json;
    }
    let written = parameter.get("style").and_then(Value::as_str);
    let name = written.unwrap_or(match location {
        ParameterIn::Query | ParameterIn::Cookie => "form",
        ParameterIn::Path | ParameterIn::Header => "simple",
    });
    let explode = parameter.get("explode").and_then(Value::as_bool);
    let explode = explode.unwrap_or(name == "form");
    match (name, explode) {
        ("simple", false) => Style::Simple,
        ("simple", true) => Style::SimpleExploded,
        ("label", false) => Style::Label,
        ("label", true) => Style::LabelExploded,
        ("matrix", false) => Style::Matrix,
        ("matrix", true) => Style::MatrixExploded,
        ("deepObject", _) => Style::DeepObject,
        ("form", false) => Style::Form,
        ("spaceDelimited", false) => Style::SpaceDelimited,
        ("pipeDelimited", false) => Style::PipeDelimited,
        // With `explode`, items are separate parameters, whatever would separate them otherwise.
        _ => Style::FormExploded,
    }
}
