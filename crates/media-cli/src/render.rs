//! Responses as tables, JSON or YAML.

use comfy_table::Table;
use comfy_table::presets::NOTHING;
use serde_json::Value;

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

    /// Formats a value. The result ends with a newline.
    pub(crate) fn render(self, value: &Value) -> String {
        let text = match self {
            Self::Table => table(value),
            Self::Json => serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string()),
            Self::Yaml => serde_yaml_ng::to_string(value).unwrap_or_else(|_| value.to_string()),
        };
        format!("{}\n", text.trim_end())
    }
}

/// The outermost array of objects with a row per object, or the properties of the value with a row per property.
fn table(value: &Value) -> String {
    if let Some(rows) = rows(value) {
        let mut columns: Vec<&str> = Vec::new();
        for key in rows
            .iter()
            .filter_map(Value::as_object)
            .flat_map(|row| row.keys())
        {
            if !columns.contains(&key.as_str()) {
                columns.push(key);
            }
        }
        let header: Vec<String> = columns.iter().map(|column| column.to_uppercase()).collect();
        let cells = rows.iter().map(|row| {
            let cell = |column: &&str| row.get(*column).map(cell).unwrap_or_default();
            columns.iter().map(cell).collect()
        });
        return aligned(std::iter::once(header).chain(cells));
    }
    match value {
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

/// The array of objects that is closest to the root of a value.
fn rows(value: &Value) -> Option<&Vec<Value>> {
    let mut level = vec![value];
    while !level.is_empty() {
        let is_rows = |rows: &&Vec<Value>| rows.first().is_some_and(Value::is_object);
        if let Some(rows) = level
            .iter()
            .filter_map(|value| value.as_array())
            .find(is_rows)
        {
            return Some(rows);
        }
        let objects = level.iter().filter_map(|value| value.as_object());
        level = objects.flat_map(serde_json::Map::values).collect();
    }
    None
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

    #[test]
    fn array_of_objects_is_a_table() {
        let value =
            json!({ "data": { "items": [{ "a": 1, "b": "x y" }, { "a": null, "c": true }] } });
        assert_eq!(
            Format::Table.render(&value),
            "A  B    C\n1  x y\n-       true\n"
        );
        assert_eq!(
            Format::Table.render(&json!({ "a": 1, "bc": "x" })),
            "a   1\nbc  x\n"
        );
    }

    #[test]
    fn wide_characters_are_aligned() {
        assert_eq!(
            Format::Table.render(&json!([{ "a": "日本", "b": 1 }, { "a": "x", "b": 2 }])),
            "A     B\n日本  1\nx     2\n"
        );
    }

    #[test]
    fn long_values_are_not_wrapped() {
        let long = "word ".repeat(10_000);
        let table = Format::Table.render(&json!([{ "a": long, "b": 1 }]));
        assert_eq!(table.lines().count(), 2);
    }

    #[test]
    fn values_are_json_or_yaml() {
        assert_eq!(Format::Yaml.render(&json!({ "a": [1] })), "a:\n- 1\n");
        assert_eq!(Format::Json.render(&json!([1])), "[\n  1\n]\n");
    }
}
