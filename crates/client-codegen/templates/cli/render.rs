//! Answers as text: a table, JSON or YAML.

use serde_json::Value;

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Table,
    Json,
    Yaml,
}

impl Format {
    pub(crate) const NAMES: [&str; 3] = ["table", "json", "yaml"];

    /// The format of this name; JSON where there is none.
    pub(crate) fn of(name: &str) -> Self {
        match name {
            "table" => Self::Table,
            "yaml" => Self::Yaml,
            _ => Self::Json,
        }
    }

    /// A value as text that ends a line.
    pub(crate) fn text(self, value: &Value) -> String {
        let text = match self {
            Self::Table => table(value),
            Self::Json => serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string()),
            Self::Yaml => serde_yaml_ng::to_string(value).unwrap_or_else(|_| value.to_string()),
        };
        format!("{}\n", text.trim_end())
    }
}

/// The first list of objects as rows, or what there is as names and values.
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
        let head = columns.iter().map(|column| column.to_uppercase()).collect();
        let cells = rows.iter().map(|row| {
            let cell = |column: &&str| row.get(*column).map(cell).unwrap_or_default();
            columns.iter().map(cell).collect()
        });
        return aligned(std::iter::once(head).chain(cells).collect());
    }
    match value {
        Value::Object(members) => {
            let rows = members
                .iter()
                .map(|(name, value)| vec![name.clone(), cell(value)]);
            aligned(rows.collect())
        }
        Value::Array(elements) => elements.iter().map(cell).collect::<Vec<_>>().join("\n"),
        other => cell(other),
    }
}

/// A list of objects: the value itself, or the first one in it that is nearest to its root.
fn rows(value: &Value) -> Option<&Vec<Value>> {
    let mut open = vec![value];
    while !open.is_empty() {
        let is_rows = |rows: &&Vec<Value>| rows.first().is_some_and(Value::is_object);
        if let Some(rows) = open
            .iter()
            .filter_map(|value| value.as_array())
            .find(is_rows)
        {
            return Some(rows);
        }
        let members = open.iter().filter_map(|value| value.as_object());
        open = members.flat_map(serde_json::Map::values).collect();
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

fn aligned(rows: Vec<Vec<String>>) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let lines = rows.iter().map(|row| {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Format;

    #[test]
    fn a_list_is_a_table_wherever_it_is() {
        let value =
            json!({ "data": { "items": [{ "a": 1, "b": "x y" }, { "a": null, "c": true }] } });
        assert_eq!(
            Format::Table.text(&value),
            "A  B    C\n1  x y\n-       true\n"
        );
        assert_eq!(
            Format::Table.text(&json!({ "a": 1, "bc": "x" })),
            "a   1\nbc  x\n"
        );
        assert_eq!(Format::Yaml.text(&json!({ "a": [1] })), "a:\n- 1\n");
        assert_eq!(Format::Json.text(&json!([1])), "[\n  1\n]\n");
    }
}
