//! Operations that moved to another path or method.

use crate::{found, taking};

#[test]
fn moved_operations_are_compared() {
    let old = taking("{type: integer, maximum: 100}");
    let new = taking("{type: integer, maximum: 50}").replace("/a:", "/b/{id}:");
    let expected = ["breaking operation-moved!", "breaking maximum-lowered!"];
    let mut found = found(&old, &new);
    found.sort();
    let mut expected = expected.map(str::to_owned);
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn a_move_is_the_only_finding() {
    let old = taking("{type: integer}");
    let new = old.replace("/a:", "/b:").replace("get:", "put:");
    assert_eq!(found(&old, &new), ["breaking operation-moved!"]);
}
