//! The end of a diff: counts, and the version that the changes ask for.

use openapi_contract::Finding;
use openapi_contract::bump::Bump;
use openapi_contract::report::Counts;

/// The summary in a line.
pub(super) fn text(counts: Counts, version: &str) -> String {
    if counts == Counts::default() {
        return format!("no difference; {version}");
    }
    format!("{counts}; {version}")
}

/// Which version the findings ask for, and whether the new contract has it. Accepted changes ask
/// for it as well: those who use the contract are not asked.
pub(super) fn version(findings: &[Finding], [old, new]: [&str; 2]) -> String {
    let bump = Bump::of(findings);
    let steps = bump
        .apply(old)
        .and_then(|least| Ok((least, bump.allows(old, new)?)));
    let asks = format!("asks for {bump} version");
    match steps {
        Err(error) => format!("{asks}, but {error}"),
        Ok((_, true)) if bump == Bump::None => "asks for no new version".to_owned(),
        Ok((_, false)) if bump == Bump::None => {
            format!("asks for no new version, but goes back from {old} to {new}")
        }
        Ok((least, true)) => format!("{asks}: {old} -> {least}, and the new contract is {new}"),
        Ok((least, false)) => format!(
            "{asks}: {old} -> {least}, but the new contract is {new}: set its `info.version` to \
             {least}"
        ),
    }
}
