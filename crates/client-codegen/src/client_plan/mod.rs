//! What the client does for each operation, read from the canonical model of its contract: no tokens.
//!
//! A plan has everything that the code of an operation follows from, and nothing of the code itself. The client, its
//! companions and the documentation are generated from the same plans. Whatever a client does not keep of the
//! contract is a finding.

mod bodies;
mod data;
mod findings;
mod forms;
mod headers;
mod operation_ids;
mod pagination;
mod parameters;
mod reader;
mod responses;
mod schemas;
mod security;
mod servers;
mod styles;
#[cfg(test)]
mod tests;

use openapi_contract::Finding;
use openapi_contract::model::Contract;

pub(crate) use bodies::unenforced_bodies;
#[allow(unused_imports)]
pub(crate) use data::{
    BodyKind, BodyPlan, ContentPlan, FieldPlan, HeaderPlan, ItemsPlan, OperationPlan, PageStep,
    Pagination, PaginationStyle, ParameterPlan, PartHeaderPlan, PartKind, PartPlan, PathPart,
    Reading, ResponseBody, ResponseHeaders, ResponsePlan, ResultType, SchemeKind, SchemePlan,
    ServerPlan, ServerVariablePlan, Statuses, StreamKind, StreamPlan, Style, TagPlan, VariantPlan,
};
pub(crate) use schemas::are_same;

use crate::error::GenerateError;
use crate::types::{NameClash, TypeSet};

/// What a client does.
#[derive(Debug)]
pub(crate) struct ClientPlan {
    /// In the order of the contract.
    pub(crate) operations: Vec<OperationPlan>,
    /// The types that the operations refer to.
    pub(crate) types: TypeSet,
    pub(crate) servers: Vec<ServerPlan>,
    /// The tags that the contract declares, in its order.
    pub(crate) tags: Vec<TagPlan>,
    /// The security schemes that the contract declares, and undeclared ones that it requires.
    pub(crate) security_schemes: Vec<SchemePlan>,
    /// The types whose names were taken by others.
    pub(crate) name_clashes: Vec<NameClash>,
    /// What the client does not keep of the contract, in the order of the contract.
    pub(crate) findings: Vec<Finding>,
}

impl ClientPlan {
    /// Reads the plan of a contract.
    ///
    /// # Errors
    /// If an `x-pagination` of this generator is invalid.
    pub(crate) fn read(contract: &Contract) -> Result<Self, GenerateError> {
        reader::read(contract)
    }
}
