//! Removes or escapes bidirectional control characters. rustc rejects them, because they make code look
//! different from what it is.

use crate::files::GeneratedFile;

fn turns(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Removes them from comments and escapes them in string literals.
pub(crate) fn escape_bidi(files: &mut [GeneratedFile]) {
    for file in files {
        let is_code = file
            .path
            .extension()
            .is_some_and(|extension| extension == "rs");
        if is_code && file.contents.contains(turns) {
            let lines = file.contents.split_inclusive('\n');
            file.contents = lines.map(line).collect();
        }
    }
}

fn line(line: &str) -> String {
    if line.trim_start().starts_with("//") {
        return line.replace(turns, "");
    }
    let escaped = |c: char| match turns(c) {
        true => c.escape_unicode().to_string(),
        false => c.to_string(),
    };
    line.chars().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn bidirectional_characters_are_removed_or_escaped() {
        assert_eq!(line("/// a\u{202E}b\n"), "/// ab\n");
        assert_eq!(line("  \"a\u{2066}b\",\n"), "  \"a\\u{2066}b\",\n");
    }
}
