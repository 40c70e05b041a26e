//! Numbers that compare by value: `1` equals `1.0`.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use serde_json::{Number, Value};

/// A JSON number in canonical form.
#[derive(Clone, Copy, Debug)]
pub enum Num {
    /// An integer, or a number with a zero fraction.
    Int(i128),
    /// A number with a fraction, or too large to be exact.
    Float(f64),
}

/// Integral floats up to this value are exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Num {
    /// The canonical form of a JSON number.
    pub fn new(number: &Number) -> Self {
        if let Some(value) = number.as_i64() {
            return Self::Int(value.into());
        }
        if let Some(value) = number.as_u64() {
            return Self::Int(value.into());
        }
        Self::from_f64(number.as_f64().unwrap_or_default())
    }

    /// The canonical form of a float.
    pub fn from_f64(value: f64) -> Self {
        if value.fract() == 0.0 && value.abs() <= EXACT {
            Self::Int(value as i128)
        } else {
            Self::Float(value)
        }
    }

    /// Whether it is an integer.
    pub fn is_integer(self) -> bool {
        match self {
            Self::Int(_) => true,
            Self::Float(value) => value.fract() == 0.0,
        }
    }

    /// The nearest float.
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Int(value) => value as f64,
            Self::Float(value) => value,
        }
    }

    /// The smallest integer that is not less.
    pub fn ceil(self) -> Self {
        match self {
            Self::Int(_) => self,
            Self::Float(value) => Self::from_f64(value.ceil()),
        }
    }

    /// The largest integer that is not greater.
    pub fn floor(self) -> Self {
        match self {
            Self::Int(_) => self,
            Self::Float(value) => Self::from_f64(value.floor()),
        }
    }

    /// The sum with `by`.
    #[must_use]
    pub fn plus(self, by: i32) -> Self {
        match self {
            Self::Int(value) => Self::Int(value.saturating_add(by.into())),
            Self::Float(value) => Self::from_f64(value + f64::from(by)),
        }
    }

    /// Whether it is a multiple of `divisor`, within floating-point precision.
    pub fn is_multiple_of(self, divisor: Self) -> bool {
        match (self, divisor) {
            (_, Self::Int(0)) => false,
            (Self::Int(value), Self::Int(divisor)) => value % divisor == 0,
            _ => {
                let quotient = self.as_f64() / divisor.as_f64();
                (quotient - quotient.round()).abs() < 1e-9
            }
        }
    }

    /// The JSON number. Integers that need more than 64 bits become floats.
    pub fn to_json(self) -> Value {
        match self {
            Self::Int(value) => i64::try_from(value)
                .map(Value::from)
                .or_else(|_| u64::try_from(value).map(Value::from))
                .unwrap_or_else(|_| Value::from(value as f64)),
            Self::Float(value) => Value::from(value),
        }
    }
}

impl Ord for Num {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Int(left), Self::Int(right)) => left.cmp(right),
            (Self::Float(left), Self::Float(right)) => left.total_cmp(right),
            (Self::Int(left), Self::Float(right)) => compare_exactly(*left, *right),
            (Self::Float(left), Self::Int(right)) => compare_exactly(*right, *left).reverse(),
        }
    }
}

/// Compares without rounding, so that the order is total.
fn compare_exactly(left: i128, right: f64) -> Ordering {
    let below = right.floor();
    // The conversion saturates.
    left.cmp(&(below as i128)).then(if right > below {
        Ordering::Less
    } else {
        Ordering::Equal
    })
}

impl PartialOrd for Num {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Num {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Num {}

impl Hash for Num {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Equal numbers are equal as floats, in either form.
        self.as_f64().to_bits().hash(state);
    }
}

impl std::fmt::Display for Num {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value}"),
        }
    }
}

/// A bound of a range of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bound {
    /// The value of the bound.
    pub value: Num,
    /// Whether the value itself is excluded.
    pub exclusive: bool,
}

impl Bound {
    /// Whether this lower bound excludes more than `other`.
    pub fn is_above(self, other: Self) -> bool {
        (self.value, self.exclusive) > (other.value, other.exclusive)
    }

    /// Whether this upper bound excludes more than `other`.
    pub fn is_below(self, other: Self) -> bool {
        (self.value, !self.exclusive) < (other.value, !other.exclusive)
    }
}

impl std::fmt::Display for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let exclusive = if self.exclusive { " (exclusive)" } else { "" };
        write!(f, "{}{exclusive}", self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::Num;

    #[test]
    fn integers_and_floats_have_a_total_order() {
        let large = 1_i128 << 60;
        let numbers = [
            Num::Int(large - 1),
            Num::Float(large as f64),
            Num::Int(large + 1),
            Num::Int(large + 2),
        ];
        assert!(numbers.is_sorted_by(|left, right| left < right));
        assert_eq!(Num::Int(large), Num::Float(large as f64));
        assert!(Num::Int(1) < Num::Float(1.5) && Num::Float(1.5) < Num::Int(2));
        assert!(Num::Int(-2) < Num::Float(-1.5) && Num::Float(-1.5) < Num::Int(-1));
    }
}
