//! Letters of one script among those of another: a name that looks like another name.

/// What of a name stands among Latin letters and is of another script, each once: `а` of
/// Cyrillic in *mirаge*. A name that is wholly of another script has none, nor has one
/// whose parts are of one script each. Cf. UTS 39, *mixed-script detection*; here only
/// Latin is told from the rest.
pub fn strangers(name: &str) -> Vec<char> {
    let mut found = Vec::new();
    for word in name.split(|letter: char| !letter.is_alphanumeric()) {
        let letters = || word.chars().filter(|letter| letter.is_alphabetic());
        if !letters().any(is_latin) {
            continue;
        }
        for letter in letters().filter(|letter| !is_latin(*letter)) {
            if !found.contains(&letter) {
                found.push(letter);
            }
        }
    }
    found
}

/// Latin letters that a Latin keyboard has; none of the wide or mathematical ones, which
/// look like them too.
fn is_latin(letter: char) -> bool {
    matches!(letter, 'a'..='z' | 'A'..='Z' | '\u{aa}' | '\u{ba}' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_of_another_script_is_found_among_latin_ones() {
        for (name, found) in [
            ("mirаge", "а"),
            ("get_issuе", "е"),
            ("ｇetissue", "ｇ"),
            ("раypаl", "ра"),
            ("mirage", ""),
            ("größe_naïve", ""),
            ("поиск_page", ""),
            ("検索", ""),
            ("", ""),
        ] {
            assert_eq!(strangers(name).iter().collect::<String>(), found, "{name}");
        }
    }
}
