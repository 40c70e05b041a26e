//! What each pass of lowering does, and why, and what it costs: the pages in `passes/`.

use openapi_contract::document::Document;

use super::{Fidelity, Rewrite};
use crate::error::GenerateError;
use crate::progenitor;

/// A pass of lowering, with its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pass {
    /// The name that rewrites have in brackets.
    pub name: &'static str,
    /// The whole page, in Markdown.
    pub page: &'static str,
}

macro_rules! passes {
    ($($name:literal)*) => {
        /// All passes, in the order in which they work.
        pub const PASS_PAGES: &[Pass] = &[$(Pass {
            name: $name,
            page: include_str!(concat!("../../passes/", $name, ".md")),
        }),*];
    };
}

passes! {
    "malformed"
    "server-side"
    "servers"
    "references"
    "version"
    "normalize-keywords"
    "additional-properties"
    "cycles"
    "simplify-all-of"
    "all-of"
    "any-of"
    "operation-ids"
    "request-bodies"
    "responses"
    "one-of-order"
    "parameter-styles"
    "parameters"
    "drop-response-constraints"
    "type-names"
    "nullable"
    "enum-collisions"
    "property-collisions"
    "defaults"
    "unsupported"
}

impl Pass {
    /// The pass of this name.
    pub fn named(name: &str) -> Option<Self> {
        PASS_PAGES.iter().copied().find(|pass| pass.name == name)
    }

    /// What it does, in a sentence.
    pub fn about(&self) -> &'static str {
        self.page.split("\n\n").nth(1).unwrap_or_default()
    }

    /// The worst fidelity of its rewrites.
    pub fn fidelity(&self) -> Option<Fidelity> {
        match self.section("Fidelity")?.split('`').nth(1)? {
            "exact" => Some(Fidelity::Exact),
            "weakened" => Some(Fidelity::Weakened),
            "omitted" => Some(Fidelity::Omitted),
            _ => None,
        }
    }

    /// What this pass does to its example, in the contract `example.yaml`. A pass that only works where
    /// all others failed has none.
    ///
    /// # Errors
    /// When nothing can be generated from the example.
    pub fn example(&self) -> Result<Vec<Rewrite>, GenerateError> {
        self.play("Example", "example.yaml")
    }

    fn play(&self, section: &str, name: &str) -> Result<Vec<Rewrite>, GenerateError> {
        let block = self.section(section).and_then(|text| {
            let (_, block) = text.split_once("```yaml\n")?;
            Some(block.split_once("```")?.0)
        });
        let Some(block) = block else {
            return Ok(Vec::new());
        };
        let mut text = block.to_owned();
        // What each contract has stands at the end, so that lines keep their numbers.
        for (member, line) in [
            ("openapi:", "openapi: 3.0.3\n"),
            ("info:", "info: {title: Media API, version: 1.0.0}\n"),
        ] {
            if !block.lines().any(|written| written.starts_with(member)) {
                text += line;
            }
        }
        let document = Document::parse(name, text).map_err(|error| GenerateError::Malformed {
            at: name.to_owned(),
            message: error.to_string(),
        })?;
        let mut lowered = super::lower(&document)?;
        progenitor::generate(&mut lowered, None)?;
        let mut rewrites = lowered.log.finish();
        rewrites.retain(|rewrite| rewrite.pass == self.name);
        Ok(rewrites)
    }

    fn section(&self, title: &str) -> Option<&'static str> {
        let mut sections = self.page.split("\n## ").skip(1);
        sections.find_map(|section| section.strip_prefix(title)?.strip_prefix("\n\n"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_pass_has_its_page() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut paths = vec![source.join("lower"), source.join("progenitor/mod.rs")];
        let mut named = BTreeSet::new();
        while let Some(path) = paths.pop() {
            if path.is_dir() {
                let inner = fs::read_dir(path).expect("the folder can be read");
                paths.extend(inner.map(|inner| inner.expect("it can be read").path()));
                continue;
            }
            let text = fs::read_to_string(path).expect("it is text");
            let said = text.lines().filter(|line| line.starts_with("const "));
            for said in said.filter_map(|line| Some(line.split_once("= PassKind::")?.1)) {
                named.extend(said.split('"').nth(1).map(str::to_owned));
            }
        }
        let pages = PASS_PAGES.iter().map(|pass| pass.name.to_owned());
        assert_eq!(pages.collect::<BTreeSet<_>>(), named);
    }

    #[test]
    fn every_example_has_the_price_of_its_page() {
        for pass in PASS_PAGES {
            assert!(pass.page.starts_with(&format!("# {}\n", pass.name)));
            let fidelity = pass.fidelity();
            assert!(fidelity.is_some(), "{} has a fidelity", pass.name);
            if pass.name == "unsupported" {
                continue;
            }
            let rewrites = pass.example().expect("it can be generated from");
            let worst = rewrites.iter().map(|one| one.fidelity).max();
            assert_eq!(worst, fidelity, "{}: {rewrites:#?}", pass.name);
            let instead = pass.play("Instead", "instead.yaml");
            let instead = instead.expect("it can be generated from");
            assert!(instead.is_empty(), "{}: {instead:#?}", pass.name);
        }
    }
}
