//! A little chart in one line: a sign for each number.

use crate::tui::theme::{Signs, Theme};

/// Signs from nothing to the most.
const UNICODE: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ASCII: [char; 8] = ['_', '.', ':', '-', '=', '+', '*', '#'];

/// The chart of some numbers, the largest as high as it gets. What is not zero is
/// always seen to be more than zero.
pub(in crate::tui) fn line<T: Copy + Into<u64>>(theme: Theme, numbers: &[T]) -> String {
    let signs = match theme.signs {
        Signs::Unicode => UNICODE,
        Signs::Ascii => ASCII,
    };
    let numbers = || numbers.iter().map(|number| (*number).into());
    let most = numbers().max().unwrap_or(0);
    numbers()
        .map(|number: u64| {
            let level = match (number, most) {
                (0, _) | (_, 0) => 0,
                // Seven steps above zero, rounded up.
                (number, most) => {
                    let steps = u128::from(number) * 7;
                    usize::try_from(steps.div_ceil(u128::from(most))).unwrap_or(7)
                }
            };
            signs.get(level).copied().unwrap_or(' ')
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::tests::theme;

    #[test]
    fn the_most_is_highest_and_little_is_not_nothing() {
        assert_eq!(line(theme(), &[0_u32, 1, 50, 100]), "▁▂▅█");
        assert_eq!(line(theme(), &[0_u64, 0]), "▁▁");
        assert_eq!(line(theme(), &[u64::MAX, 1, 0]), "█▂▁");
        let ascii = Theme {
            signs: Signs::Ascii,
            ..theme()
        };
        assert_eq!(line(ascii, &[0_u64, 1, 1]), "_##");
    }
}
