//! Names with values, as in queries, cookies and forms, and their assignment to parameters.

use indexmap::IndexMap;

use super::decode::{Decoder, PropertyNames};
use super::decode_error::ValueError;
use super::percent::PercentCoding;
use super::raw_value::{RawValue, bracketed};
use super::style::decode_string;
use crate::model::{Parameter, ParameterStyle};

/// Values by name, in the order they were sent. Taking a value removes it.
#[derive(Debug)]
pub(super) struct Multimap<'t> {
    values: IndexMap<String, Vec<&'t str>>,
    coding: PercentCoding,
}

/// The value of a parameter: `None` if it is missing, an error if it is malformed.
pub(super) type MaybeRawValue = Option<Result<RawValue, EncodingError>>;

/// A value that does not match its encoding.
#[derive(Debug)]
pub(super) struct EncodingError {
    /// The text as sent.
    pub(super) text: String,
    /// Why it does not match.
    pub(super) reason: ValueError,
}

impl<'t> Multimap<'t> {
    /// The fields of a query or an urlencoded form.
    pub(super) fn of_form(text: &'t str) -> Self {
        Self::new(text.split('&'), PercentCoding::Form)
    }

    /// The cookies of a `cookie` header.
    pub(super) fn of_cookies(text: &'t str) -> Self {
        Self::new(text.split(';').map(str::trim), PercentCoding::Percent)
    }

    fn new(pairs: impl Iterator<Item = &'t str>, coding: PercentCoding) -> Self {
        let mut values: IndexMap<String, Vec<&str>> = IndexMap::new();
        for pair in pairs.filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            values.entry(coding.decode(name)).or_default().push(value);
        }
        Self { values, coding }
    }

    /// Whether a field has a value.
    pub(super) fn has(&self, name: &str) -> bool {
        self.values
            .get(name)
            .is_some_and(|values| !values.is_empty())
    }

    /// Takes all values of a field, still encoded.
    pub(super) fn take(&mut self, name: &str) -> Vec<&'t str> {
        self.values
            .get_mut(name)
            .map(std::mem::take)
            .unwrap_or_default()
    }

    /// Takes one value of a field that has several.
    pub(super) fn take_one(&mut self, name: &str, value: &str) {
        if let Some(values) = self.values.get_mut(name).filter(|values| values.len() > 1)
            && let Some(at) = values.iter().position(|sent| *sent == value)
        {
            values.remove(at);
        }
    }

    /// The names with values that were not taken.
    pub(super) fn left(&self) -> impl Iterator<Item = &str> {
        let left = self.values.iter().filter(|(_, values)| !values.is_empty());
        left.map(|(name, _)| name.as_str())
    }

    /// All fields with their encoded values.
    pub(super) fn decoded(self) -> Vec<(String, Vec<&'t str>)> {
        self.values.into_iter().collect()
    }

    /// Takes the values of parameters.
    pub(super) fn assign(
        &mut self,
        parameters: &[&Parameter],
        reader: &Decoder<'_>,
    ) -> Vec<MaybeRawValue> {
        let mut all: Vec<MaybeRawValue> = parameters
            .iter()
            .map(|parameter| self.named(parameter))
            .collect();
        // The properties of an exploded object are separate fields. Parameters with the same name
        // come first, objects that allow any property last.
        let names = |index: usize| -> Option<PropertyNames<'_>> {
            let parameter: &Parameter = parameters[index];
            let names = reader.names(parameter.schema);
            (parameter.encoding.repeats() && names.has_objects).then_some(names)
        };
        let mut exploded = Vec::new();
        for (index, sending) in all.iter().enumerate() {
            if sending.is_none()
                && let Some(names) = names(index)
            {
                let members = self.members(&names.declared);
                exploded.push((index, names, members));
            }
        }
        for (index, names, mut members) in exploded {
            if names.is_open {
                let left: Vec<String> = self.left().map(str::to_owned).collect();
                let left: Vec<&str> = left.iter().map(String::as_str).collect();
                members.extend(self.members(&left));
            }
            // An exploded object without properties sends nothing.
            if !members.is_empty() || parameters[index].required {
                all[index] = Some(Ok(RawValue::Members(members)));
            }
        }
        all
    }

    /// Takes the value of a parameter by its name.
    fn named(&mut self, parameter: &Parameter) -> MaybeRawValue {
        let name = parameter.name.as_str();
        let styled = parameter.encoding.styled();
        if styled.is_some_and(|styled| styled.style == ParameterStyle::DeepObject) {
            return self.deep(name).map(Ok);
        }
        let values = self.take(name);
        let explodes = styled.is_some_and(|styled| styled.explode);
        match &values[..] {
            [] => None,
            [only] => Some(
                decode_string(&parameter.encoding, name, only, self.coding).map_err(|reason| {
                    EncodingError {
                        text: self.coding.decode(only),
                        reason,
                    }
                }),
            ),
            several if explodes => {
                let several = several.iter().map(|value| self.coding.decode(value));
                Some(Ok(RawValue::Several(several.map(RawValue::text).collect())))
            }
            several => Some(Err(EncodingError {
                text: self.coding.decode(&several.join("&")),
                reason: ValueError::Repeated {
                    count: several.len(),
                },
            })),
        }
    }

    /// Takes the values of a name, with and without brackets.
    fn deep(&mut self, name: &str) -> Option<RawValue> {
        let coding = self.coding;
        let mut found = Vec::new();
        for (key, values) in &mut self.values {
            let path = match bracketed(key) {
                Some((base, path)) if base == name => path,
                _ if key == name => Vec::new(),
                _ => continue,
            };
            for value in std::mem::take(values) {
                found.push((
                    path.clone(),
                    RawValue::one_of_list(coding.decode(value), false),
                ));
            }
        }
        (!found.is_empty()).then(|| RawValue::nested(found))
    }

    fn members(&mut self, names: &[&str]) -> Vec<(String, RawValue)> {
        let mut members = Vec::new();
        for name in names {
            let values = self.take(name);
            if !values.is_empty() {
                let values = values.into_iter().map(|value| self.coding.decode(value));
                let values = values.map(|text| RawValue::one_of_list(text, false));
                members.push(((*name).to_owned(), RawValue::all(values.collect())));
            }
        }
        members
    }
}
