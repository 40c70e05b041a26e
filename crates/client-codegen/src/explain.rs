//! Runs the examples on the pages of the passes.

use openapi_contract::Finding;
use openapi_contract::document::{Document, Source};
use openapi_contract::report::{self, TextStyle};
use openapi_contract::rules::{Page, Rule};

use crate::error::GenerateError;
use crate::pipeline;

/// The findings of a rule in the example of its page, as they are reported. The text is empty if the
/// page has no example.
///
/// # Errors
/// When no code can be generated from the example.
pub fn example_report(rule: Rule, style: TextStyle) -> Result<String, GenerateError> {
    let Some(document) = contract(rule, "Example")? else {
        return Ok(String::new());
    };
    let findings = rewrites(rule, &document)?;
    let sources: Vec<&Source> = document.sources().collect();
    Ok(report::text(&findings, &sources, style))
}

/// The contract in a section of a page.
fn contract(rule: Rule, section: &str) -> Result<Option<Document>, GenerateError> {
    let page = Page::parse(rule.page).ok();
    let Some(code) = page.and_then(|page| page.code(section)) else {
        return Ok(None);
    };
    let name = format!("{}.yaml", section.to_ascii_lowercase());
    match Document::parse(&name, code.contract()) {
        Ok(document) => Ok(Some(document)),
        Err(error) => Err(GenerateError::InvalidExample(error.to_string())),
    }
}

/// The rewrites of a pass in a contract.
fn rewrites(rule: Rule, document: &Document) -> Result<Vec<Finding>, GenerateError> {
    let mut rewrites = pipeline::findings(document)?;
    rewrites.retain(|rewrite| rewrite.rule == rule);
    Ok(rewrites)
}

#[cfg(test)]
mod tests {
    use openapi_contract::Fidelity;

    use super::*;
    use crate::rules;

    /// The rules of the passes. The page of another rule has no section about fidelity.
    fn passes() -> impl Iterator<Item = (Rule, Page)> {
        let pages = rules::ALL.iter().map(|rule| {
            let page = Page::parse(rule.page).expect("the page is valid");
            assert_eq!(page.title, rule.id);
            (*rule, page)
        });
        pages.filter(|(_, page)| page.section("Fidelity").is_some())
    }

    /// The rewrites in a section of the page of a pass, if it has that section.
    fn rewrites_in(rule: Rule, section: &str) -> Option<Vec<Finding>> {
        let document = contract(rule, section).expect("the contract is valid")?;
        Some(rewrites(rule, &document).expect("code can be generated"))
    }

    #[test]
    fn example_has_the_fidelity_of_its_page() {
        assert!(passes().count() > 20);
        for (rule, page) in passes() {
            let section = page.section("Fidelity").unwrap_or_default();
            let stated = section.split('`').nth(1);
            let Some(found) = rewrites_in(rule, "Example") else {
                assert_eq!(rule, rules::UNSUPPORTED, "{} has no example", rule.id);
                continue;
            };
            let worst = found.iter().filter_map(|one| one.fidelity).max();
            let worst = worst.map(|fidelity| fidelity.to_string());
            assert_eq!(worst.as_deref(), stated, "{}: {found:#?}", rule.id);
            let found = rewrites_in(rule, "Instead").expect("there is another contract");
            assert!(found.is_empty(), "{}: {found:#?}", rule.id);
        }
    }

    #[test]
    fn every_loss_has_a_remedy() {
        for (rule, _) in passes() {
            for one in rewrites_in(rule, "Example").into_iter().flatten() {
                let is_loss = one.fidelity != Some(Fidelity::Exact);
                assert!(one.consequence.ends_with('.'), "{one:#?}");
                assert_eq!(one.remedy.ends_with('.'), is_loss, "{one:#?}");
            }
        }
    }
}
