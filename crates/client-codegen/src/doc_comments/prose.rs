//! Text between code blocks: URLs, brackets and HTML.

use std::ops::Range;

use pulldown_cmark::{
    BrokenLink, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, TextMergeWithOffset,
};

/// The HTML elements that rustdoc supports. Other tags are words in angle brackets.
const ELEMENTS: [&str; 40] = [
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "td",
    "tr",
    "ul",
];

/// The elements without an end tag.
const VOID: [&str; 3] = ["br", "hr", "img"];

/// Escapes text so that rustdoc reports no warnings.
pub(super) fn prose(text: &str) -> String {
    if !text.contains(['<', '[']) && !text.contains("://") {
        return text.to_owned();
    }
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let mut tags = Vec::new();
    let mut quiet = 0_usize;
    // The callback makes the parser report unresolved references.
    let mut broken = |_: BrokenLink<'_>| Some((CowStr::from("#"), CowStr::from("")));
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let parser = Parser::new_with_broken_link_callback(text, options, Some(&mut broken));
    for (event, range) in TextMergeWithOffset::new(parser.into_offset_iter()) {
        match event {
            Event::Start(Tag::Link { link_type, .. } | Tag::Image { link_type, .. }) => {
                if is_unknown(link_type) {
                    let bracket = text[range.clone()]
                        .find('[')
                        .map_or(range.start, |at| range.start + at);
                    edits.push((bracket..bracket, "\\".to_owned()));
                } else {
                    quiet += 1;
                }
            }
            Event::End(TagEnd::Link | TagEnd::Image) => quiet = quiet.saturating_sub(1),
            Event::Start(Tag::CodeBlock(_)) => quiet += 1,
            Event::End(TagEnd::CodeBlock) => quiet = quiet.saturating_sub(1),
            Event::Text(_) if quiet == 0 => edits.extend(addresses(text, range)),
            Event::InlineHtml(_) | Event::Html(_) => tags.extend(html(text, range)),
            _ => {}
        }
    }
    edits.extend(unmatched(&tags).map(|at| (at..at, "\\".to_owned())));
    edits.sort_by_key(|(range, _)| range.start);
    apply(text, &edits)
}

fn is_unknown(link: LinkType) -> bool {
    matches!(
        link,
        LinkType::ReferenceUnknown | LinkType::CollapsedUnknown | LinkType::ShortcutUnknown
    )
}

fn apply(text: &str, edits: &[(Range<usize>, String)]) -> String {
    let mut edited = String::with_capacity(text.len() + edits.len());
    let mut done = 0;
    for (range, new) in edits.iter().filter(|(range, _)| range.end <= text.len()) {
        if range.start < done {
            continue;
        }
        edited.push_str(&text[done..range.start]);
        edited.push_str(new);
        done = range.end;
    }
    edited.push_str(&text[done..]);
    edited
}

/// Returns the edits that turn URLs in plain text into links.
fn addresses(text: &str, range: Range<usize>) -> Vec<(Range<usize>, String)> {
    let mut edits = Vec::new();
    let mut from = range.start;
    while let Some(at) = text[from..range.end].find("http") {
        let start = from + at;
        let rest = &text[start..range.end];
        let end = rest
            .find(|c: char| c.is_whitespace() || "<>\"'`|\\^{}[]()".contains(c))
            .unwrap_or(rest.len());
        let address = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']);
        from = start + address.len().max(4);
        let host = address
            .strip_prefix("https://")
            .or_else(|| address.strip_prefix("http://"));
        if host.is_some_and(|host| host.starts_with(|c: char| c.is_alphanumeric())) {
            edits.push((start..start + address.len(), format!("<{address}>")));
        }
    }
    edits
}

/// An HTML tag: its range, the element, and whether it is a start or end tag.
struct Html {
    at: usize,
    name: String,
    closes: bool,
    is_whole: bool,
}

fn html(text: &str, range: Range<usize>) -> Vec<Html> {
    let mut tags = Vec::new();
    let mut from = range.start;
    while let Some(found) = text[from..range.end].find('<') {
        let at = from + found;
        let inside = &text[at + 1..range.end];
        from = at + 1;
        if inside.starts_with("!--") {
            // A comment is not rendered.
            from = inside.find("-->").map_or(range.end, |end| at + 1 + end);
            continue;
        }
        let closes = inside.starts_with('/');
        let name = inside.trim_start_matches('/');
        let end = name
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .unwrap_or(name.len());
        let tag_end = inside.find('>').unwrap_or(inside.len());
        tags.push(Html {
            at,
            name: name[..end].to_ascii_lowercase(),
            closes,
            is_whole: inside[..tag_end].ends_with('/'),
        });
    }
    tags
}

/// Returns the ranges of unmatched tags and of unknown elements.
fn unmatched(tags: &[Html]) -> impl Iterator<Item = usize> {
    let mut matched = vec![false; tags.len()];
    let mut open: Vec<usize> = Vec::new();
    for (at, tag) in tags.iter().enumerate() {
        if !ELEMENTS.contains(&tag.name.as_str()) {
            continue;
        }
        if VOID.contains(&tag.name.as_str()) {
            matched[at] = !tag.closes;
        } else if !tag.closes {
            if !tag.is_whole {
                open.push(at);
            }
        } else if let Some(opened) = open.pop_if(|opened| tags[*opened].name == tag.name) {
            matched[opened] = true;
            matched[at] = true;
        }
    }
    let positions = tags.iter().zip(matched);
    let unmatched: Vec<usize> = positions
        .filter(|(_, matched)| !matched)
        .map(|(tag, _)| tag.at)
        .collect();
    unmatched.into_iter()
}

#[cfg(test)]
mod tests {
    use super::prose;

    #[test]
    fn urls_become_links() {
        assert_eq!(
            prose("See https://a.example/b?c."),
            "See <https://a.example/b?c>."
        );
        for same in [
            "See <https://a.example>.",
            "[a](https://a.example)",
            "`https://a.example`",
            "a http://{host}/",
            "[a]: https://a.example\n\n[a]",
        ] {
            assert_eq!(prose(same), same);
        }
    }

    #[test]
    fn brackets_without_a_link_are_escaped() {
        assert_eq!(prose("a[0] and [x][y]"), "a\\[0] and \\[x][y]");
        assert_eq!(
            prose("[a](#b) [c]\n\n[c]: https://d"),
            "[a](#b) [c]\n\n[c]: https://d"
        );
    }

    #[test]
    fn unclosed_tags_are_escaped() {
        assert_eq!(
            prose("the <id> of <b>it</b><br>"),
            "the \\<id> of <b>it</b><br>"
        );
        assert_eq!(prose("<b>a"), "\\<b>a");
        assert_eq!(prose("Vec<String> or `<id>`"), "Vec\\<String> or `<id>`");
    }
}
