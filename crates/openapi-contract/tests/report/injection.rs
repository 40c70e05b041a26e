//! Text from a contract is never markup, in any format.

use openapi_contract::Level;
use openapi_contract::report::Format;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::examples::{Example, markup};

#[test]
fn no_format_has_control_or_direction_characters() {
    let example = markup();
    for &format in Format::ALL {
        let report = example.render(format);
        let is_control = |character: &char| {
            (character.is_control() && *character != '\n')
                || "\u{61c}\u{200b}\u{200e}\u{200f}\u{2028}\u{2029}\u{feff}\u{fffe}"
                    .contains(*character)
                || ('\u{202a}'..='\u{202e}').contains(character)
                || ('\u{2066}'..='\u{2069}').contains(character)
        };
        assert_eq!(report.chars().find(is_control), None, "in {format}");
    }
}

#[test]
fn text_has_one_title_per_finding_and_no_long_lines() {
    let example = markup();
    let report = example.render(Format::Text);
    let levels = [
        "breaking[",
        "undecided[",
        "risky[",
        "compatible[",
        "editorial[",
    ];
    let titles = report
        .lines()
        .filter(|line| levels.iter().any(|level| line.starts_with(level)));
    assert_eq!(titles.count(), example.findings.len());
    assert!(report.lines().all(|line| line.chars().count() < 500));
}

#[test]
fn github_has_one_command_per_line() {
    let example = markup();
    let report = example.render(Format::Github);
    let above_editorial = example
        .findings
        .iter()
        .filter(|finding| finding.level > Level::Editorial);
    assert_eq!(report.lines().count(), above_editorial.count());
    for line in report.lines() {
        let command = line.strip_prefix("::").expect("each line is a command");
        let (head, _) = command
            .split_once("::")
            .expect("the properties end with ::");
        let (command, properties) = head.split_once(' ').expect("the command has properties");
        assert!(
            ["error", "warning", "notice"].contains(&command),
            "{command}"
        );
        let names = properties
            .split(',')
            .map(|pair| pair.split('=').next().unwrap_or_default());
        assert!(names.eq(["file", "line", "col", "title"]), "{properties}");
    }
}

#[test]
fn junit_has_one_case_per_finding() {
    let example = markup();
    let report = example.render(Format::Junit);
    let document = roxmltree::Document::parse(&report).expect("the XML is valid");
    let named = |name| {
        document
            .descendants()
            .filter(move |node| node.has_tag_name(name))
    };
    assert_eq!(named("testcase").count(), example.findings.len());
    let failures = named("failure").map(|failure| failure.attribute("type"));
    let levels = example
        .findings
        .iter()
        .filter(|finding| finding.level > Level::Editorial);
    let mut expected: Vec<String> = levels.map(|finding| finding.level.to_string()).collect();
    let mut failures: Vec<&str> = failures.flatten().collect();
    expected.sort();
    failures.sort_unstable();
    assert_eq!(failures, expected);
    let known = ["testsuites", "testsuite", "testcase", "failure"];
    let mut elements = document.descendants().filter(roxmltree::Node::is_element);
    assert!(elements.all(|element| known.contains(&element.tag_name().name())));
}

#[test]
fn markdown_has_no_injected_markup() {
    let example = markup();
    let report = example.render(Format::Markdown);
    let mut headings = 0;
    let mut details = 0;
    let mut in_code = 0;
    for event in Parser::new_ext(&report, Options::all()) {
        match event {
            Event::Start(Tag::Heading { .. }) => headings += 1,
            Event::Start(Tag::CodeBlock(_)) => in_code += 1,
            Event::Start(tag) => assert!(
                matches!(
                    tag,
                    Tag::Paragraph
                        | Tag::Strong
                        | Tag::HtmlBlock
                        | Tag::Table(_)
                        | Tag::TableHead
                        | Tag::TableRow
                        | Tag::TableCell
                ),
                "{tag:?}"
            ),
            Event::Html(html) | Event::InlineHtml(html) => {
                details += html.matches("<details>").count();
                in_code += html.matches("<code>").count();
                in_code -= html.matches("</code>").count();
                only_own_tags(&html);
            }
            Event::End(TagEnd::CodeBlock) => in_code -= 1,
            Event::Text(text) if in_code == 0 => {
                assert!(!text.contains("www.example.org"), "{text}");
                assert!(!text.contains("@everyone"), "{text}");
            }
            _ => {}
        }
    }
    assert_eq!([headings, details], [1, example.findings.len()]);
}

fn only_own_tags(html: &str) {
    for tag in html.split('<').skip(1) {
        let own = [
            "details>",
            "summary>",
            "b>",
            "code>",
            "/details>",
            "/summary>",
            "/b>",
            "/code>",
            "!-- openapi-contract -->",
        ];
        assert!(own.iter().any(|own| tag.starts_with(own)), "<{tag}");
    }
}

#[test]
fn markdown_fits_in_a_comment() {
    let mut example = markup();
    let few = example.findings.clone();
    while example.findings.len() < 300 {
        example.findings.extend(few.iter().cloned());
    }
    let report = example.render(Format::Markdown);
    assert!(report.chars().count() < 65_536);
    let shown = report.matches("<details>").count();
    let left = example.findings.len() - shown;
    assert!(report.ends_with(&format!(
        "\n{left} more do not fit in a comment; see the whole report.\n"
    )));
}

#[test]
fn html_has_no_injected_elements() {
    let report = markup().render(Format::Html);
    let body = report.split_once("<body>").expect("the page has a body").1;
    let (body, script) = body.split_once("<script>").expect("the page has a script");
    assert_eq!(
        script.matches('<').count(),
        3 + script.matches("< ").count(),
        "{script}"
    );
    let own = [
        "a",
        "article",
        "b",
        "code",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "header",
        "input",
        "label",
        "legend",
        "li",
        "main",
        "mark",
        "output",
        "p",
        "pre",
        "section",
        "span",
        "summary",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ];
    for tag in body.split('<').skip(1) {
        let name = tag.trim_start_matches('/');
        let name = name.split([' ', '>']).next().unwrap_or_default();
        assert!(own.contains(&name), "<{tag}");
        // Every second part of a tag is in quotes.
        let tag = tag.split('>').next().unwrap_or_default();
        let names: String = tag.split('"').step_by(2).collect();
        assert!(!names.contains(" on") && !names.contains(" src"), "<{tag}");
    }
}

/// The other tests would be vacuous if the findings did not contain the texts.
#[test]
fn findings_contain_the_texts() {
    let Example { findings, .. } = markup();
    for text in crate::examples::MARKUP {
        let contains = |finding: &openapi_contract::Finding| finding.fact.contains(text);
        assert!(findings.iter().any(contains), "{text:?}");
    }
}
