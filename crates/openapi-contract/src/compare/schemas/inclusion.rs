//! Inclusion of schemas: whether one schema allows everything that another allows. `true` is
//! proved, `false` means unknown.
//!
//! The inner schema belongs to a sender, which sends only the properties it declares. The outer
//! schema belongs to a receiver, which ignores unknown properties.

use crate::model::{
    ArrayConstraints, Bound, Contract, Num, NumberConstraints, ObjectConstraints, Schema, SchemaId,
    Schemas, StringConstraints, is_checked_format,
};
use crate::pattern::{Language, LanguageSearch};

/// The most pairs of schemas to visit: nested alternatives multiply.
const MOST_PAIRS: usize = 1_000;

/// A check of a sender's schema against a receiver's.
pub(super) struct Inclusion<'c> {
    sender: &'c Contract,
    reader: &'c Contract,
    is_same: &'c dyn Fn(SchemaId, SchemaId) -> bool,
    /// The enclosing pairs. A recursive pair holds if everything else does.
    around: Vec<(SchemaId, SchemaId)>,
    left: usize,
}

impl<'c> Inclusion<'c> {
    /// A check of schemas of `sender` against schemas of `reader`. `is_same` compares the values
    /// that two schemas allow.
    pub(super) fn new(
        sender: &'c Contract,
        reader: &'c Contract,
        is_same: &'c dyn Fn(SchemaId, SchemaId) -> bool,
    ) -> Self {
        Self {
            sender,
            reader,
            is_same,
            around: Vec::new(),
            left: MOST_PAIRS,
        }
    }

    /// Whether the receiver's schema certainly allows everything that the sender's allows, apart
    /// from null.
    pub(super) fn holds(&mut self, inner: SchemaId, outer: SchemaId) -> bool {
        let pair = (inner, outer);
        if outer == Schemas::ANY || inner == Schemas::NEVER || self.around.contains(&pair) {
            return true;
        }
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        if (self.is_same)(inner, outer) {
            return true;
        }
        self.around.push(pair);
        let holds = stacker::maybe_grow(128 << 10, 4 << 20, || self.is_within(inner, outer));
        self.around.pop();
        holds
    }

    /// Like [`holds`](Self::holds), but null counts: for the values of properties and items.
    fn value_holds(&mut self, inner: SchemaId, outer: SchemaId) -> bool {
        let is_null = |contract: &Contract, id| contract.schemas.get(id).null;
        (!is_null(self.sender, inner) || is_null(self.reader, outer)) && self.holds(inner, outer)
    }

    fn is_within(&mut self, inner: SchemaId, outer: SchemaId) -> bool {
        let (sender, reader) = (self.sender, self.reader);
        let (inner, outer) = (sender.schemas.get(inner), reader.schemas.get(outer));
        if !outer.opaque.is_empty() {
            return false;
        }
        let fits_own = self.fits(inner, &mut |this, part| this.parts_hold(part, outer));
        fits_own
            && outer.unions.iter().all(|union| {
                // Whether a value matches only one alternative cannot be decided from the
                // alternatives alone.
                !union.exactly_one
                    && self.fits(inner, &mut |this, part| {
                        union.members.iter().any(|&member| {
                            let member = reader.schemas.get(member);
                            member.is_plain() && this.parts_hold(part, member)
                        })
                    })
            })
    }

    /// Whether a test holds for the schema's own keywords, or for each alternative of one of its
    /// unions.
    fn fits(
        &mut self,
        schema: &'c Schema,
        test: &mut dyn FnMut(&mut Self, &Schema) -> bool,
    ) -> bool {
        let sender = self.sender;
        test(self, schema)
            || schema.unions.iter().any(|union| {
                let mut members = union.members.iter();
                members.all(|&member| {
                    let member = sender.schemas.get(member);
                    test(self, member)
                })
            })
    }

    fn parts_hold(&mut self, inner: &Schema, outer: &Schema) -> bool {
        let booleans = (!inner.boolean.r#true || outer.boolean.r#true)
            && (!inner.boolean.r#false || outer.boolean.r#false);
        booleans
            && within(
                inner.number.as_deref(),
                outer.number.as_deref(),
                numbers_hold,
            )
            && within(
                inner.string.as_deref(),
                outer.string.as_deref(),
                strings_hold,
            )
            && within(
                inner.array.as_deref(),
                outer.array.as_deref(),
                |inner, outer| self.arrays_hold(inner, outer),
            )
            && within(
                inner.object.as_deref(),
                outer.object.as_deref(),
                |inner, outer| self.objects_hold(inner, outer),
            )
    }

    fn arrays_hold(&mut self, inner: &ArrayConstraints, outer: &ArrayConstraints) -> bool {
        let is_plain =
            |rules: &ArrayConstraints| rules.constants.is_none() && rules.prefix.is_empty();
        is_plain(inner)
            && is_plain(outer)
            && inner.min_items >= outer.min_items
            && is_at_most(inner.max_items, outer.max_items)
            && (inner.unique || !outer.unique)
            && self.value_holds(inner.items, outer.items)
    }

    fn objects_hold(&mut self, inner: &ObjectConstraints, outer: &ObjectConstraints) -> bool {
        let is_plain = |rules: &ObjectConstraints| {
            rules.constants.is_none() && rules.pattern_properties.is_empty()
        };
        let least = inner.min_properties.max(inner.required.len() as u64);
        let holds_itself = is_plain(inner)
            && is_plain(outer)
            && inner.required.is_superset(&outer.required)
            && least >= outer.min_properties
            && is_at_most(inner.max_properties, outer.max_properties);
        let sent = |name: &String| {
            let declared = inner.properties.get(name).copied();
            let undeclared = inner.additional_is_declared.then_some(inner.additional);
            // A required property without a declaration is sent with any value.
            let required = inner.required.contains(name).then_some(Schemas::ANY);
            declared.or(undeclared).or(required)
        };
        let read = |name: &String| outer.properties.get(name).copied();
        let names = inner.properties.keys().chain(&inner.required);
        let mut names = names.chain(outer.properties.keys());
        holds_itself
            && names.all(|name| {
                let read = read(name).unwrap_or(outer.additional);
                sent(name).is_none_or(|sent| self.value_holds(sent, read))
            })
            && (!inner.additional_is_declared
                || self.value_holds(inner.additional, outer.additional))
    }
}

fn within<T>(inner: Option<&T>, outer: Option<&T>, mut holds: impl FnMut(&T, &T) -> bool) -> bool {
    match (inner, outer) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(inner), Some(outer)) => holds(inner, outer),
    }
}

fn is_at_most(inner: Option<u64>, outer: Option<u64>) -> bool {
    outer.is_none_or(|outer| inner.is_some_and(|inner| inner <= outer))
}

fn numbers_hold(inner: &NumberConstraints, outer: &NumberConstraints) -> bool {
    if let Some(constants) = &outer.constants {
        let listed = inner.constants.as_ref();
        return listed.is_some_and(|listed| listed.is_subset(constants));
    }
    if let Some(constants) = &inner.constants {
        return constants.iter().all(|&number| {
            let bound = Bound {
                value: number,
                exclusive: false,
            };
            (!outer.integer || number.is_integer())
                && outer.minimum.is_none_or(|minimum| !minimum.is_above(bound))
                && outer.maximum.is_none_or(|maximum| !maximum.is_below(bound))
                && divides(&outer.multiple_of, |divisor| number.is_multiple_of(divisor))
        });
    }
    let is_above = |outer: Bound| inner.minimum.is_some_and(|inner| !outer.is_above(inner));
    let is_below = |outer: Bound| inner.maximum.is_some_and(|inner| !outer.is_below(inner));
    (inner.integer || !outer.integer)
        && outer.minimum.is_none_or(is_above)
        && outer.maximum.is_none_or(is_below)
        && divides(&outer.multiple_of, |divisor| {
            let mut own = inner.multiple_of.iter();
            own.any(|own| own.is_multiple_of(divisor))
        })
}

fn divides(divisors: &std::collections::BTreeSet<Num>, test: impl Fn(Num) -> bool) -> bool {
    divisors.iter().all(|&divisor| test(divisor))
}

fn strings_hold(inner: &StringConstraints, outer: &StringConstraints) -> bool {
    if let Some(constants) = &outer.constants {
        let listed = inner.constants.as_ref();
        return listed.is_some_and(|listed| listed.is_subset(constants));
    }
    let mut formats = outer.formats.iter();
    if !formats.all(|format| !is_checked_format(format) || inner.formats.contains(format)) {
        return false;
    }
    if let Some(constants) = &inner.constants {
        let fits = |text: &String| {
            let length = text.chars().count() as u64;
            length >= outer.min_length && outer.max_length.is_none_or(|most| length <= most)
        };
        return outer.patterns.is_empty() && constants.iter().all(fits);
    }
    inner.min_length >= outer.min_length
        && is_at_most(inner.max_length, outer.max_length)
        && (outer.patterns.is_subset(&inner.patterns) || patterns_hold(inner, outer))
}

fn patterns_hold(inner: &StringConstraints, outer: &StringConstraints) -> bool {
    let language = |rules: &StringConstraints| {
        Language::new(&rules.patterns, (inner.min_length, inner.max_length))
    };
    let both = language(inner).zip(language(outer));
    both.is_some_and(|(inner, outer)| inner.shortest_difference(&outer) == LanguageSearch::None)
}
