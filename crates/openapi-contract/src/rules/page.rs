//! The Markdown page of a rule, in its sections.

use thiserror::Error;

/// A page in Markdown: a heading, a summary, a text, and sections with headings of the second level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The heading: the id of the rule.
    pub title: &'static str,
    /// The first paragraph: what a finding means.
    pub summary: &'static str,
    /// The text between the summary and the first section: why it matters.
    pub body: &'static str,
    sections: Vec<(&'static str, &'static str)>,
}

/// A fenced code block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeBlock {
    /// The language after the opening fence.
    pub language: &'static str,
    /// The code, ending with a line feed.
    pub text: &'static str,
}

/// A text that is not a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidPage {
    /// The text does not start with `# title` and an empty line.
    #[error("the page has no heading")]
    NoHeading,
    /// A section has no empty line after its heading.
    #[error("the section `{0}` has no text")]
    EmptySection(&'static str),
}

impl Page {
    /// Parses a page.
    ///
    /// # Errors
    /// When the heading is missing, or a section has no text.
    pub fn parse(markdown: &'static str) -> Result<Self, InvalidPage> {
        let (title, rest) = markdown
            .strip_prefix("# ")
            .and_then(|text| text.split_once("\n\n"))
            .ok_or(InvalidPage::NoHeading)?;
        let mut parts = rest.split("\n## ");
        let text = parts.next().unwrap_or_default();
        let (summary, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let sections = parts
            .map(|section| {
                let (title, text) = section
                    .split_once("\n\n")
                    .ok_or(InvalidPage::EmptySection(section))?;
                Ok((title, text.trim()))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            title,
            summary: summary.trim(),
            body: body.trim(),
            sections,
        })
    }

    /// The titles and texts of the sections, in order.
    pub fn sections(&self) -> &[(&'static str, &'static str)] {
        &self.sections
    }

    /// The text of the section with this title.
    pub fn section(&self, title: &str) -> Option<&'static str> {
        let mut sections = self.sections.iter();
        sections
            .find(|(name, _)| *name == title)
            .map(|(_, text)| *text)
    }

    /// The code block that starts the section with this title.
    pub fn code(&self, title: &str) -> Option<CodeBlock> {
        let rest = self.section(title)?.strip_prefix("```")?;
        let (language, rest) = rest.split_once('\n')?;
        let end = rest.find("```")?;
        Some(CodeBlock {
            language,
            text: &rest[..end],
        })
    }
}

impl CodeBlock {
    /// The contract that an example shows. `openapi` and `info` are added if the example omits them;
    /// they are added at the end, so that line numbers stay the same.
    pub fn contract(&self) -> String {
        let mut text = self.text.to_owned();
        for (key, line) in [
            ("openapi:", "openapi: 3.0.3\n"),
            ("info:", "info: {title: Media API, version: 1.0.0}\n"),
        ] {
            if !self.text.lines().any(|written| written.starts_with(key)) {
                text += line;
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# a-rule\n\nWhat it means.\n\nWhy.\n\n- More.\n\n## Example\n\n\
        ```yaml\npaths: {}\n```\n\n## What to do\n\nFix it.\n";

    #[test]
    fn page_has_sections() {
        let page = Page::parse(PAGE).expect("the page is valid");
        assert_eq!(page.title, "a-rule");
        assert_eq!(page.summary, "What it means.");
        assert_eq!(page.body, "Why.\n\n- More.");
        assert_eq!(page.section("What to do"), Some("Fix it."));
        assert_eq!(page.section("Old"), None);
    }

    #[test]
    fn example_becomes_a_complete_contract() {
        let page = Page::parse(PAGE).expect("the page is valid");
        let code = page.code("Example").expect("there is an example");
        assert_eq!(code.language, "yaml");
        assert_eq!(
            code.contract(),
            "paths: {}\nopenapi: 3.0.3\ninfo: {title: Media API, version: 1.0.0}\n"
        );
    }

    #[test]
    fn invalid_pages_are_rejected() {
        assert_eq!(Page::parse("a-rule\n"), Err(InvalidPage::NoHeading));
        assert_eq!(
            Page::parse("# a-rule\n\nWhat.\n\n## Example\n"),
            Err(InvalidPage::EmptySection("Example\n"))
        );
    }
}
