//! Responses as tables, JSON or YAML.

use comfy_table::Table;
use comfy_table::presets::NOTHING;
use serde_json::Value;

use crate::columns::{Layout, select};

/// The output format of responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Table,
    Json,
    Yaml,
}

impl Format {
    pub(crate) const NAMES: [&str; 3] = ["table", "json", "yaml"];

    /// The format with this name, or JSON if there is none.
    pub(crate) fn from_name(name: &str) -> Self {
        match name {
            "table" => Self::Table,
            "yaml" => Self::Yaml,
            _ => Self::Json,
        }
    }

    /// Formats a value. A table has these columns, or those of the layout if there are none. The result ends with a
    /// newline.
    pub(crate) fn render(self, value: &Value, layout: &Layout, columns: &[String]) -> String {
        let text = match self {
            Self::Table => table(value, layout, columns),
            Self::Json => serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string()),
            Self::Yaml => serde_yaml_ng::to_string(value).unwrap_or_else(|_| value.to_string()),
        };
        format!("{}\n", text.trim_end())
    }
}

/// The rows of the value, or the properties of the value with a row per property.
fn table(value: &Value, layout: &Layout, chosen: &[String]) -> String {
    let rows = layout.rows(value, !chosen.is_empty());
    if let Some(rows) = rows {
        let columns = match chosen {
            [] => layout.columns(rows),
            chosen => chosen.to_vec(),
        };
        if !columns.is_empty() {
            let header: Vec<String> = columns.iter().map(|column| column.to_uppercase()).collect();
            let cells = rows.iter().map(|row| {
                let value = |column: &String| select(row, column);
                let cells = columns.iter().map(value);
                cells
                    .map(|value| value.as_ref().map(cell).unwrap_or_default())
                    .collect()
            });
            return aligned(std::iter::once(header).chain(cells));
        }
    }
    match value {
        Value::Object(_) if !chosen.is_empty() => aligned(chosen.iter().map(|column| {
            let value = select(value, column);
            vec![column.clone(), value.as_ref().map(cell).unwrap_or_default()]
        })),
        Value::Object(properties) => {
            let rows = properties
                .iter()
                .map(|(name, value)| vec![name.clone(), cell(value)]);
            aligned(rows)
        }
        Value::Array(elements) => elements.iter().map(cell).collect::<Vec<_>>().join("\n"),
        other => cell(other),
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

/// Columns without borders, two spaces apart.
fn aligned(rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).add_rows(rows);
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.trim_fmt()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Format;
    use crate::columns::Layout;

    fn table(value: &serde_json::Value, columns: &[&str]) -> String {
        let columns: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
        Format::Table.render(value, &Layout::default(), &columns)
    }

    fn render(format: Format, value: &serde_json::Value) -> String {
        format.render(value, &Layout::default(), &[])
    }

    #[test]
    fn array_of_objects_is_a_table() {
        let value =
            json!({ "data": { "items": [{ "a": 1, "b": "x y" }, { "a": null, "c": true }] } });
        assert_eq!(table(&value, &[]), "A  B    C\n1  x y\n-       true\n");
        assert_eq!(table(&json!({ "a": 1, "bc": "x" }), &[]), "a   1\nbc  x\n");
    }

    #[test]
    fn table_has_the_chosen_columns() {
        let value = json!([{ "a": 1, "b": { "c": "x" } }, { "a": 2 }]);
        assert_eq!(table(&value, &["b.c", "a"]), "B.C  A\nx    1\n     2\n");
        let value = json!({ "a": 1, "b": { "c": "x" } });
        assert_eq!(table(&value, &["b.c"]), "b.c  x\n");
    }

    #[test]
    fn wide_characters_are_aligned() {
        assert_eq!(
            table(&json!([{ "a": "日本", "b": 1 }, { "a": "x", "b": 2 }]), &[]),
            "A     B\n日本  1\nx     2\n"
        );
    }

    #[test]
    fn long_values_are_not_wrapped() {
        let long = "word ".repeat(10_000);
        let table = table(&json!([{ "a": long, "b": 1 }]), &[]);
        assert_eq!(table.lines().count(), 2);
    }

    #[test]
    fn values_are_json_or_yaml() {
        assert_eq!(render(Format::Yaml, &json!({ "a": [1] })), "a:\n- 1\n");
        assert_eq!(render(Format::Json, &json!([1])), "[\n  1\n]\n");
    }
}
