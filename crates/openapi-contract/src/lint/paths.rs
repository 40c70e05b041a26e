//! Path templates and the parameters that fill them.

use std::collections::HashSet;

use super::placed::template_names;
use super::{Lint, at};
use crate::model::ParameterIn;
use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    let document = lint.document;
    let mut seen = HashSet::new();
    for placed in lint.operations {
        let template = placed.template;
        let names = template_names(template);
        let parameters = placed.operation.parameters.iter();
        let declared: Vec<_> = parameters
            .filter(|(key, _)| key.location == ParameterIn::Path)
            .map(|(_, parameter)| parameter)
            .collect();
        for name in &names {
            if !declared.iter().any(|parameter| parameter.name == *name) {
                let fact = format!("no parameter declares `{{{name}}}` of {}", placed.name);
                let place = at(placed.operation.node).of(placed);
                lint.found(rules::PATH_PARAMETER_UNDECLARED, place, fact);
            }
        }
        for parameter in declared {
            let is_known = names.contains(&parameter.name.as_str());
            if !seen.insert((parameter.node, is_known)) {
                continue;
            }
            if !is_known {
                let fact = format!("`{template}` has no `{{{}}}`", parameter.name);
                let place = at(parameter.node).member("name").of(placed);
                lint.found(rules::PATH_PARAMETER_UNKNOWN, place, fact);
            }
            if document.get_bool(parameter.node, "required") != Some(true) {
                let fact = format!("the path parameter `{}` is not required", parameter.name);
                let place = at(parameter.node).member("required");
                lint.found(rules::PATH_PARAMETER_OPTIONAL, place, fact);
            }
        }
    }
}
