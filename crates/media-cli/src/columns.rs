//! The order of properties, and the columns of tables, by what the contract declares.

use anyhow::{Result, bail};
use serde_json::{Map, Value};

use crate::generated::CliCommand;
use crate::generated::shapes::Shape;

/// Where the rows of a table are in a value, and what they have.
#[derive(Debug, Clone, Default)]
pub(crate) struct Layout {
    /// The declared value.
    shape: Option<&'static Shape>,
    /// The properties that lead to the rows, if the contract declares rows.
    rows: Option<Vec<&'static str>>,
}

impl Layout {
    /// The layout of a response.
    pub(crate) fn of_response(command: CliCommand, status: u16) -> Self {
        let class = format!("{}XX", status / 100);
        let status = status.to_string();
        let bodies = command.bodies().iter();
        let mut found = [&status, &class, "default"]
            .into_iter()
            .filter_map(|key| bodies.clone().find(|(status, _)| *status == key));
        found
            .next()
            .map_or_else(Self::default, |(_, shape)| Self::of(command, shape))
    }

    /// The layout of the items of all pages, one of which is a row.
    pub(crate) fn of_items(command: CliCommand) -> Self {
        let items = success(command)
            .into_iter()
            .find_map(|shape| at(shape, command.page_items()?));
        Self {
            shape: items,
            rows: Some(Vec::new()),
        }
    }

    fn of(command: CliCommand, shape: &'static Shape) -> Self {
        let paged = command
            .page_items()
            .filter(|path| at(shape, path).is_some())
            .map(<[_]>::to_vec);
        Self {
            shape: Some(shape),
            rows: paged.or_else(|| rows(shape)),
        }
    }

    /// What the contract declares of a row, or of the value if it has no rows.
    fn row(&self) -> Option<&'static Shape> {
        let shape = self.shape?;
        match &self.rows {
            Some(path) => at(shape, path)?.items,
            None => Some(shape),
        }
    }

    /// The value with its properties in the order of the contract, followed by those that it does not declare.
    pub(crate) fn ordered(&self, value: Value) -> Value {
        match self.shape {
            Some(shape) => ordered(value, shape),
            None => value,
        }
    }

    /// The rows of a value. Without declared ones, these are the elements of the outermost array of objects.
    pub(crate) fn rows<'v>(&self, value: &'v Value, has_columns: bool) -> Option<&'v Vec<Value>> {
        let declared = self.rows.as_ref().and_then(|path| {
            let mut found = value;
            for name in path {
                found = found.get(*name)?;
            }
            found.as_array()
        });
        let is_declared = self.shape.is_some_and(|shape| shape.others.is_none());
        match declared {
            Some(rows) => Some(rows),
            None if has_columns && is_declared => None,
            None => outermost_rows(value),
        }
    }

    /// The columns of rows: the declared ones that a row has, and those that the contract does not declare.
    pub(crate) fn columns(&self, rows: &[Value]) -> Vec<String> {
        let has = |name: &str| rows.iter().any(|row| row.get(name).is_some());
        let declared = self.row().map_or(&[][..], |row| row.properties);
        let declared = declared.iter().map(|(name, _)| *name);
        let mut columns: Vec<String> = declared
            .filter(|name| rows.is_empty() || has(name))
            .map(str::to_owned)
            .collect();
        let keys = rows.iter().filter_map(Value::as_object).flat_map(Map::keys);
        for key in keys {
            if !columns.contains(key) {
                columns.push(key.clone());
            }
        }
        columns
    }
}

/// Checks that the table of a command can have these columns.
///
/// # Errors
/// If the contract does not declare one of them.
pub(crate) fn check(command: CliCommand, columns: &[String]) -> Result<()> {
    let bodies = success(command);
    if bodies.is_empty() && !columns.is_empty() {
        bail!("`{}` prints no table", command.name());
    }
    for column in columns {
        let results = bodies
            .iter()
            .filter_map(|shape| Layout::of(command, shape).row());
        let mut unknown = None;
        let is_known = results.into_iter().any(|row| match find(row, "", column) {
            Ok(()) => true,
            Err(found) => {
                unknown.get_or_insert(found);
                false
            }
        });
        if let (false, Some(unknown)) = (is_known, unknown) {
            bail!("no column `{column}`: {unknown}");
        }
    }
    Ok(())
}

/// The JSON of successful responses.
fn success(command: CliCommand) -> Vec<&'static Shape> {
    let having = |is_chosen: fn(&str) -> bool| {
        let bodies = command.bodies().iter();
        let chosen = bodies.filter(move |(status, _)| is_chosen(status));
        chosen.map(|(_, shape)| *shape).collect::<Vec<_>>()
    };
    match having(|status| status.starts_with('2')) {
        declared if declared.is_empty() => having(|status| status == "default"),
        declared => declared,
    }
}

/// The value behind properties.
fn at(shape: &'static Shape, path: &[&str]) -> Option<&'static Shape> {
    let mut found = shape;
    for name in path {
        let mut properties = found.properties.iter();
        found = properties.find(|(declared, _)| declared == name)?.1;
    }
    Some(found)
}

/// The properties that lead to the outermost array of objects.
fn rows(shape: &'static Shape) -> Option<Vec<&'static str>> {
    let mut level = vec![(Vec::new(), shape)];
    let mut seen: Vec<&Shape> = Vec::new();
    while !level.is_empty() {
        let is_rows = |shape: &Shape| {
            let items = shape.items.filter(|_| shape.properties.is_empty());
            items.is_some_and(|items| !items.properties.is_empty())
        };
        if let Some((path, _)) = level.iter().find(|(_, shape)| is_rows(shape)) {
            return Some(path.clone());
        }
        let mut next = Vec::new();
        for (path, shape) in level {
            for (name, inner) in shape.properties {
                // A schema can contain itself.
                if !seen.iter().any(|seen| std::ptr::eq(*seen, *inner)) {
                    seen.push(inner);
                    next.push(([&path[..], &[*name]].concat(), *inner));
                }
            }
        }
        level = next;
    }
    None
}

fn ordered(value: Value, shape: &Shape) -> Value {
    match value {
        Value::Object(mut map) => {
            let mut sorted = Map::new();
            for (name, inner) in shape.properties {
                if let Some(value) = map.shift_remove(*name) {
                    sorted.insert((*name).to_owned(), ordered(value, inner));
                }
            }
            sorted.extend(map.into_iter().map(|(name, value)| match shape.others {
                Some(inner) => (name, ordered(value, inner)),
                None => (name, value),
            }));
            Value::Object(sorted)
        }
        Value::Array(elements) => match shape.items {
            Some(inner) => elements
                .into_iter()
                .map(|element| ordered(element, inner))
                .collect(),
            None => Value::Array(elements),
        },
        other => other,
    }
}

/// The array of objects that is closest to the root of a value.
fn outermost_rows(value: &Value) -> Option<&Vec<Value>> {
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
        level = objects.flat_map(Map::values).collect();
    }
    None
}

/// The ways to read a column: as the name of a property, or as that of an object and one of its properties.
fn splits(column: &str) -> impl Iterator<Item = (&str, &str)> {
    let dots = column.match_indices('.');
    dots.map(|(at, _)| (&column[..at], &column[at + 1..]))
}

/// Finds a column among the declared properties. The error names those that there are.
fn find(shape: &'static Shape, prefix: &str, column: &str) -> Result<(), String> {
    // A column of an array is that of its elements.
    if let Some(items) = shape.items.filter(|_| shape.others.is_none()) {
        return find(items, prefix, column);
    }
    let property = |name: &str| {
        let mut properties = shape.properties.iter();
        properties.find(|(declared, _)| *declared == name)
    };
    if property(column).is_some() || shape.others.is_some() {
        return Ok(());
    }
    let inner = splits(column).find_map(|(head, rest)| Some((head, property(head)?.1, rest)));
    if let Some((head, inner, rest)) = inner {
        return find(inner, &format!("{prefix}{head}."), rest);
    }
    let names: Vec<String> = shape
        .properties
        .iter()
        .map(|(name, _)| format!("`{prefix}{name}`"))
        .collect();
    Err(match (names.is_empty(), prefix.strip_suffix('.')) {
        (false, _) => format!("expected one of {}", names.join(", ")),
        (true, Some(owner)) => format!("`{owner}` has no properties"),
        (true, None) => "the response has no properties".to_owned(),
    })
}

/// The value of a column; for an array, that of each element.
pub(crate) fn select(value: &Value, column: &str) -> Option<Value> {
    match value {
        Value::Object(map) => map
            .get(column)
            .cloned()
            .or_else(|| splits(column).find_map(|(head, rest)| select(map.get(head)?, rest))),
        Value::Array(elements) => {
            let selected = elements
                .iter()
                .filter_map(|element| select(element, column));
            let selected: Vec<Value> = selected.collect();
            (!selected.is_empty()).then_some(Value::Array(selected))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Layout, find, rows, select};
    use crate::generated::shapes::{ANY, SCALAR, Shape};

    static SIZE: Shape = Shape {
        properties: &[("width", &SCALAR), ("height", &SCALAR)],
        items: None,
        others: None,
    };
    static ITEM: Shape = Shape {
        properties: &[
            ("name", &SCALAR),
            ("size", &SIZE),
            ("any", &ANY),
            ("inner", &LIST),
        ],
        items: None,
        others: None,
    };
    static LIST: Shape = Shape {
        properties: &[],
        items: Some(&ITEM),
        others: None,
    };
    static PAGE: Shape = Shape {
        properties: &[("tags", &TAGS), ("data", &DATA)],
        items: None,
        others: None,
    };
    static TAGS: Shape = Shape {
        properties: &[],
        items: Some(&SCALAR),
        others: None,
    };
    static DATA: Shape = Shape {
        properties: &[("page", &PAGE), ("items", &LIST)],
        items: None,
        others: None,
    };

    fn page() -> Layout {
        Layout {
            shape: Some(&PAGE),
            rows: rows(&PAGE),
        }
    }

    #[test]
    fn rows_are_the_outermost_array_of_objects() {
        assert_eq!(page().rows, Some(vec!["data", "items"]));
        assert_eq!(rows(&SIZE), None);
        assert_eq!(rows(&ANY), None);
        assert_eq!(rows(&LIST), Some(Vec::new()));
    }

    #[test]
    fn properties_have_the_order_of_the_contract() {
        let value = json!({ "x": 1, "data": { "items": [
            { "size": { "height": 1, "width": 2 }, "name": "a", "b": 0, "a": 0 },
        ] } });
        assert_eq!(
            page().ordered(value).to_string(),
            r#"{"data":{"items":[{"name":"a","size":{"width":2,"height":1},"b":0,"a":0}]},"x":1}"#
        );
    }

    #[test]
    fn columns_have_the_order_of_the_contract() {
        let rows = [
            json!({ "any": 1, "x": 1 }),
            json!({ "name": "a", "any": 2 }),
        ];
        assert_eq!(page().columns(&rows), ["name", "any", "x"]);
        assert_eq!(page().columns(&[]), ["name", "size", "any", "inner"]);
    }

    #[test]
    fn unknown_columns_are_reported_with_the_known_ones() {
        for known in ["name", "size", "size.width", "any.a.b", "inner.size.height"] {
            assert_eq!(find(&ITEM, "", known), Ok(()), "{known}");
        }
        for (unknown, expected) in [
            ("nme", "expected one of `name`, `size`, `any`, `inner`"),
            ("size.depth", "expected one of `size.width`, `size.height`"),
            (
                "inner.size.x",
                "expected one of `inner.size.width`, `inner.size.height`",
            ),
            ("name.x", "`name` has no properties"),
        ] {
            assert_eq!(find(&ITEM, "", unknown), Err(expected.to_owned()));
        }
    }

    #[test]
    fn columns_select_values_of_objects_and_elements() {
        let value =
            json!({ "a": { "b": 1, "c.d": 2 }, "a.e": 3, "f": [{ "b": 1 }, {}, { "b": 2 }] });
        for (column, selected) in [
            ("a.b", Some(json!(1))),
            ("a.c.d", Some(json!(2))),
            ("a.e", Some(json!(3))),
            ("f.b", Some(json!([1, 2]))),
            ("f.c", None),
            ("a.b.c", None),
        ] {
            assert_eq!(select(&value, column), selected, "{column}");
        }
    }
}
