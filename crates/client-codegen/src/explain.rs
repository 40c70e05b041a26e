//! Runs the examples on the pages about fidelity.

use openapi_contract::Finding;
use openapi_contract::document::{Document, Source};
use openapi_contract::model::Contract;
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
    let Some(contract) = contract(rule, "Example")? else {
        return Ok(String::new());
    };
    let findings = findings(rule, &contract)?;
    let sources: Vec<&Source> = contract.document.sources().collect();
    Ok(report::text(&findings, &sources, style))
}

/// The contract in a section of a page.
fn contract(rule: Rule, section: &str) -> Result<Option<Contract>, GenerateError> {
    let page = Page::parse(rule.page).ok();
    let Some(code) = page.and_then(|page| page.code(section)) else {
        return Ok(None);
    };
    let name = format!("{}.yaml", section.to_ascii_lowercase());
    let invalid = |error: &dyn std::fmt::Display| GenerateError::InvalidExample(error.to_string());
    let document = Document::parse(&name, code.contract()).map_err(|error| invalid(&error))?;
    let contract = Contract::read(document).map_err(|error| invalid(&error))?;
    Ok(Some(contract))
}

/// The findings of a rule in a contract.
fn findings(rule: Rule, contract: &Contract) -> Result<Vec<Finding>, GenerateError> {
    let mut findings = pipeline::findings(contract)?;
    findings.retain(|finding| finding.rule == rule);
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use openapi_contract::Fidelity;

    use super::*;
    use crate::rules;

    /// The rules about fidelity. The page of another rule has no such section.
    fn fidelity_rules() -> impl Iterator<Item = (Rule, Page)> {
        let pages = rules::ALL.iter().map(|rule| {
            let page = Page::parse(rule.page).expect("the page is valid");
            assert_eq!(page.title, rule.id);
            (*rule, page)
        });
        pages.filter(|(_, page)| page.section("Fidelity").is_some())
    }

    /// The findings of a rule in a section of its page.
    fn findings_in(rule: Rule, section: &str) -> Vec<Finding> {
        let contract = contract(rule, section).expect("the contract is valid");
        let contract = contract.unwrap_or_else(|| panic!("{} has no {section}", rule.id));
        findings(rule, &contract).expect("code can be generated")
    }

    #[test]
    fn example_has_the_fidelity_of_its_page() {
        assert!(fidelity_rules().count() > 10);
        for (rule, page) in fidelity_rules() {
            let section = page.section("Fidelity").unwrap_or_default();
            let stated = section.split('`').nth(1);
            let found = findings_in(rule, "Example");
            let worst = found.iter().filter_map(|one| one.fidelity).max();
            let worst = worst.map(|fidelity| fidelity.to_string());
            assert_eq!(worst.as_deref(), stated, "{}: {found:#?}", rule.id);
            let found = findings_in(rule, "Instead");
            assert!(found.is_empty(), "{}: {found:#?}", rule.id);
        }
    }

    #[test]
    fn every_loss_has_a_remedy() {
        for (rule, _) in fidelity_rules() {
            for one in findings_in(rule, "Example") {
                let is_loss = one.fidelity != Some(Fidelity::Exact);
                assert!(one.consequence.ends_with('.'), "{one:#?}");
                assert_eq!(one.remedy.ends_with('.'), is_loss, "{one:#?}");
            }
        }
    }
}
