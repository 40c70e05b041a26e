//! Statuses without a standard name, after which progenitor would name the methods of mocks.

use serde_json::Value;

use crate::lower::walk;

/// Replaces statuses without a name by their range, unless the contract declares the range. The method of the
/// mock then has a parameter for the status.
pub(super) fn replace_by_ranges(draft: &mut Value) {
    walk::operations(draft, &mut |_, operation| {
        let Some(responses) = walk::object_mut(operation.get_mut("responses")) else {
            return;
        };
        let unnamed = responses.keys().filter(|key| {
            let code = key.parse::<u16>();
            code.is_ok_and(|code| {
                !NAMED
                    .iter()
                    .any(|(first, last)| (*first..=*last).contains(&code))
            })
        });
        let unnamed: Vec<String> = unnamed.cloned().collect();
        for code in unnamed {
            let response = responses.shift_remove(&code);
            let class = code
                .chars()
                .next()
                .filter(|class| ('1'..='5').contains(class));
            if let (Some(class), Some(response)) = (class, response) {
                responses.entry(format!("{class}XX")).or_insert(response);
            }
        }
    });
}

/// The ranges of statuses with a name.
const NAMED: [(u16, u16); 12] = [
    (100, 103),
    (200, 208),
    (226, 226),
    (300, 305),
    (307, 308),
    (400, 418),
    (421, 426),
    (428, 429),
    (431, 431),
    (451, 451),
    (500, 508),
    (510, 511),
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::replace_by_ranges;

    #[test]
    fn statuses_without_a_name_become_ranges() {
        let mut draft = json!({ "paths": { "/a": { "get": { "responses": {
            "200": { "description": "a" },
            "449": { "description": "b" },
            "480": { "description": "c" },
            "599": { "description": "d" },
            "default": { "description": "e" },
        } } } } });
        replace_by_ranges(&mut draft);
        let left = &draft["paths"]["/a"]["get"]["responses"];
        let expected = json!({
            "200": { "description": "a" },
            "4XX": { "description": "b" },
            "5XX": { "description": "d" },
            "default": { "description": "e" },
        });
        assert_eq!(*left, expected);
    }
}
