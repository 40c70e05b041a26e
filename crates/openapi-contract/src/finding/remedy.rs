//! Phrases of remedies.

/// Names as code: `` `a` ``, `` `a` or `b` ``, `` one of `a`, `b`, `c` ``. `None` without names.
pub(crate) fn one_of<'n>(names: impl IntoIterator<Item = &'n str>) -> Option<String> {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match &names[..] {
        [] => None,
        [only] => Some(only.clone()),
        [first, second] => Some(format!("{first} or {second}")),
        all => Some(format!("one of {}", all.join(", "))),
    }
}

/// The name that is most similar to a misspelled one, if any is similar.
pub(crate) fn closest<'n>(
    misspelled: &str,
    names: impl IntoIterator<Item = &'n str>,
) -> Option<&'n str> {
    const MIN_SIMILARITY: f64 = 0.8;
    names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(misspelled, name), name))
        .filter(|(similarity, _)| *similarity >= MIN_SIMILARITY)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, name)| name)
}
