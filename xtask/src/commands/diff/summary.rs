//! The summary line of a diff: counts, and the version that the changes require.

use openapi_contract::Finding;
use openapi_contract::bump::Bump;
use openapi_contract::report::Counts;

/// The summary line.
pub(super) fn text(counts: Counts, version: &str) -> String {
    if counts == Counts::default() {
        return format!("no differences; {version}");
    }
    format!("{counts}; {version}")
}

/// The version that the findings require, compared with that of the new contract. Accepted changes
/// require a version as well: they still break users of the contract.
pub(super) fn version(findings: &[Finding], [old, new]: [&str; 2]) -> String {
    let bump = Bump::of(findings);
    let steps = bump
        .apply(old)
        .and_then(|least| Ok((least, bump.allows(old, new)?)));
    let requires = format!("requires {bump} version");
    match steps {
        Err(error) => format!("{requires}, but {error}"),
        Ok((_, true)) if bump == Bump::None => "requires no new version".to_owned(),
        Ok((_, false)) if bump == Bump::None => {
            format!("requires no new version, but the version goes back from {old} to {new}")
        }
        Ok((least, true)) => {
            format!("{requires} ({old} -> {least}); the new contract has {new}")
        }
        Ok((least, false)) => format!(
            "{requires} ({old} -> {least}), but the new contract has {new}; set its \
             `info.version` to {least}"
        ),
    }
}
