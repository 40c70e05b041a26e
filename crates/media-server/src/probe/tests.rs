//! Real files of every format, whole and damaged.

use std::io::Cursor;
use std::path::Path;

use super::*;

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name);
    std::fs::read(path).expect(name)
}

fn detect(bytes: &[u8]) -> Option<Format> {
    Format::detect(&bytes[..bytes.len().min(HEAD)])
}

/// Format, and measures as `64x48 1.5`.
fn check(name: &str, format: Format, measures: &str) {
    let bytes = fixture(name);
    assert_eq!(detect(&bytes), Some(format), "{name}");
    let found = format.probe(&mut Cursor::new(bytes)).expect(name);
    let number = |value: Option<u32>| value.map_or("-".to_owned(), |value| value.to_string());
    let seconds = found.duration.map_or("-".to_owned(), |s| s.to_string());
    let shown = format!("{}x{} {seconds}", number(found.width), number(found.height));
    assert_eq!(shown, measures, "{name}");
}

#[test]
fn images_have_the_size_of_their_stored_pixels() {
    check("image.jpg", Format::Jpeg, "64x48 -");
    check("progressive.jpg", Format::Jpeg, "64x48 -");
    check("rotated.jpg", Format::Jpeg, "64x48 -");
    check("image.png", Format::Png, "64x48 -");
    check("image.gif", Format::Gif, "64x48 -");
    check("image.webp", Format::WebP, "64x48 -");
    check("lossy.webp", Format::WebP, "33x17 -");
}

#[test]
fn videos_have_a_size_and_fractional_seconds() {
    check("video.mp4", Format::Mp4, "64x48 1.5");
    check("faststart.mp4", Format::Mp4, "64x48 1.5");
    check("video.mov", Format::Mov, "64x48 1.5");
    check("video.webm", Format::WebM, "64x48 1.5");
}

#[test]
fn the_fragments_of_a_recording_are_added_up() {
    check("fragmented.mp4", Format::Mp4, "64x48 1.5");
    check("fragments.mp4", Format::Mp4, "64x48 1.5");
}

#[test]
fn a_live_recording_that_does_not_say_its_duration_has_none() {
    check("live.webm", Format::WebM, "64x48 -");
}

#[test]
fn documents_have_no_measures() {
    check("document.pdf", Format::Pdf, "-x- -");
}

#[test]
fn relatives_of_the_supported_formats_are_not_recognised() {
    assert_eq!(detect(&fixture("video.mkv")), None);
    assert_eq!(detect(&fixture("sound.m4a")), None);
    assert_eq!(detect(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), None);
    assert_eq!(detect(b"RIFF\0\0\0\0WAVEfmt "), None);
}

#[test]
fn text_and_nothing_are_not_recognised() {
    assert_eq!(detect(b"Hello, %PD-"), None);
    assert_eq!(detect(b""), None);
    assert_eq!(detect(b"\0\0\0\x08ftyp"), None);
}

#[test]
fn a_pdf_may_begin_with_other_bytes() {
    let bytes = [b"\n\n".to_vec(), fixture("document.pdf")].concat();
    assert_eq!(detect(&bytes), Some(Format::Pdf));
}

#[test]
fn a_movie_without_ftyp_is_mov() {
    let bytes = fixture("video.mov");
    let format = detect(&bytes[0x14..]);
    assert_eq!(format, Some(Format::Mov));
}

#[test]
fn videos_that_were_cut_off_are_damaged() {
    for name in ["video.mp4", "faststart.mp4", "video.mov", "video.webm"] {
        let bytes = fixture(name);
        let format = detect(&bytes).expect(name);
        let cut = &bytes[..bytes.len() - 100];
        let result = format.probe(&mut Cursor::new(cut));
        assert!(matches!(result, Err(ProbeError::Damaged(_))), "{name}");
    }
}

#[test]
fn no_prefix_of_a_file_and_no_wrong_byte_in_its_head_panics() {
    for name in [
        "image.jpg",
        "image.png",
        "image.gif",
        "image.webp",
        "lossy.webp",
        "document.pdf",
        "video.mp4",
        "faststart.mp4",
        "fragmented.mp4",
        "fragments.mp4",
        "video.mov",
        "video.webm",
        "live.webm",
    ] {
        let bytes = fixture(name);
        let format = detect(&bytes).expect(name);
        for length in 0..bytes.len() {
            let _ = detect(&bytes[..length]);
            let _ = format.probe(&mut Cursor::new(&bytes[..length]));
        }
        for at in 0..bytes.len() {
            for wrong in [0x00, 0x01, 0x7f, 0xff] {
                let mut bytes = bytes.clone();
                bytes[at] = wrong;
                let _ = detect(&bytes);
                let _ = format.probe(&mut Cursor::new(bytes));
            }
        }
    }
}

#[test]
fn a_measure_of_zero_is_damage() {
    let result = MediaInfo::visible(0, 48, None);
    assert!(matches!(result, Err(ProbeError::Damaged(_))));
}

#[test]
fn a_duration_that_is_no_number_is_not_known() {
    for seconds in [f64::NAN, f64::INFINITY, -1.0] {
        let measures = MediaInfo::visible(1, 1, Some(seconds)).expect("it has pixels");
        assert_eq!(measures.duration, None);
    }
}

#[test]
fn a_duration_is_rounded_to_milliseconds() {
    let measures = MediaInfo::visible(1, 1, Some(1.033_333)).expect("it has pixels");
    assert_eq!(measures.duration, Some(1.033));
}
