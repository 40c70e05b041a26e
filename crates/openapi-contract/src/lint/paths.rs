//! Path templates and their parameters.

use std::collections::HashSet;

use super::path_operations::template_names;
use super::{Lint, at};
use crate::finding::one_of;
use crate::model::ParameterIn;
use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    let document = lint.document;
    let mut seen = HashSet::new();
    for path_operation in lint.operations {
        let template = path_operation.template;
        let names = template_names(template);
        let parameters = path_operation.operation.parameters.iter();
        let declared: Vec<_> = parameters
            .filter(|(key, _)| key.location == ParameterIn::Path)
            .map(|(_, parameter)| parameter)
            .collect();
        for name in &names {
            if !declared.iter().any(|parameter| parameter.name == *name) {
                let fact = format!(
                    "no parameter declares `{{{name}}}` of {}",
                    path_operation.name
                );
                let location = at(path_operation.operation.node).of(path_operation);
                lint.report(rules::PATH_PARAMETER_UNDECLARED, location, fact)
                    .remedy = format!(
                    "Add a parameter with `name: {name}`, `in: path` and `required: true`."
                );
            }
        }
        for parameter in declared {
            let is_known = names.contains(&parameter.name.as_str());
            if !seen.insert((parameter.node, is_known)) {
                continue;
            }
            if !is_known {
                let name = &parameter.name;
                let fact = format!("the path `{template}` has no `{{{name}}}`");
                let location = at(parameter.node).property("name").of(path_operation);
                lint.report(rules::PATH_PARAMETER_UNKNOWN, location, fact)
                    .remedy = match one_of(names.iter().copied()) {
                    Some(names) => format!(
                        "Rename the parameter to {names}, add `{{{name}}}` to the path, or delete the \
                         parameter."
                    ),
                    None => format!("Add `{{{name}}}` to the path, or delete the parameter."),
                };
            }
            if document.get_bool(parameter.node, "required") != Some(true) {
                let fact = format!("the path parameter `{}` is not required", parameter.name);
                let location = at(parameter.node).property("required");
                lint.report(rules::PATH_PARAMETER_OPTIONAL, location, fact)
                    .remedy = format!(
                    "Add `required: true` to the parameter `{}`.",
                    parameter.name
                );
            }
        }
    }
}
