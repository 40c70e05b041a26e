//! Intact, damaged and hostile files of every format.

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
    Format::detect(&bytes[..bytes.len().min(HEAD_LENGTH)])
}

/// Checks the format of a fixture, and its size and duration written as `64x48 1.5`.
fn check(name: &str, format: Format, expected: &str) {
    let bytes = fixture(name);
    assert_eq!(detect(&bytes), Some(format), "{name}");
    let found = format.probe(&mut Cursor::new(bytes)).expect(name);
    let number = |value: Option<u32>| value.map_or("-".to_owned(), |value| value.to_string());
    let seconds = found.duration.map_or("-".to_owned(), |s| s.to_string());
    let shown = format!("{}x{} {seconds}", number(found.width), number(found.height));
    assert_eq!(shown, expected, "{name}");
}

#[test]
fn image_sizes_are_those_of_the_stored_image() {
    check("image.jpg", Format::Jpeg, "64x48 -");
    check("progressive.jpg", Format::Jpeg, "64x48 -");
    check("rotated.jpg", Format::Jpeg, "64x48 -");
    check("image.png", Format::Png, "64x48 -");
    check("image.gif", Format::Gif, "64x48 -");
    check("image.webp", Format::WebP, "64x48 -");
    check("lossy.webp", Format::WebP, "33x17 -");
}

#[test]
fn videos_have_a_size_and_a_duration() {
    check("video.mp4", Format::Mp4, "64x48 1.5");
    check("faststart.mp4", Format::Mp4, "64x48 1.5");
    check("video.mov", Format::Mov, "64x48 1.5");
    check("video.webm", Format::WebM, "64x48 1.5");
}

#[test]
fn fragment_durations_are_added_up() {
    check("fragmented.mp4", Format::Mp4, "64x48 1.5");
    check("fragments.mp4", Format::Mp4, "64x48 1.5");
}

#[test]
fn live_webm_has_no_duration() {
    check("live.webm", Format::WebM, "64x48 -");
}

#[test]
fn documents_have_no_size_and_no_duration() {
    check("document.pdf", Format::Pdf, "-x- -");
}

#[test]
fn related_formats_are_not_supported() {
    assert_eq!(detect(&fixture("video.mkv")), None);
    assert_eq!(detect(&fixture("sound.m4a")), None);
    assert_eq!(detect(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), None);
    assert_eq!(detect(b"RIFF\0\0\0\0WAVEfmt "), None);
}

#[test]
fn text_and_empty_files_are_not_supported() {
    assert_eq!(detect(b"Hello, %PD-"), None);
    assert_eq!(detect(b""), None);
    assert_eq!(detect(b"\0\0\0\x08ftyp"), None);
}

#[test]
fn pdf_header_may_follow_other_bytes() {
    let bytes = [b"\n\n".to_vec(), fixture("document.pdf")].concat();
    assert_eq!(detect(&bytes), Some(Format::Pdf));
}

#[test]
fn movie_without_ftyp_is_mov() {
    let bytes = fixture("video.mov");
    let format = detect(&bytes[0x14..]);
    assert_eq!(format, Some(Format::Mov));
}

#[test]
fn truncated_videos_are_damaged() {
    for name in ["video.mp4", "faststart.mp4", "video.mov", "video.webm"] {
        let bytes = fixture(name);
        let format = detect(&bytes).expect(name);
        for missing in [1, 100, bytes.len() / 2] {
            let truncated = &bytes[..bytes.len() - missing];
            let result = format.probe(&mut Cursor::new(truncated));
            assert!(matches!(result, Err(ProbeError::Damaged(_))), "{name}");
        }
    }
}

#[test]
fn mp4_is_detected_by_compatible_brands() {
    let mut bytes = fixture("video.mp4");
    bytes[8..12].copy_from_slice(b"XAVC");
    assert_eq!(detect(&bytes), Some(Format::Mp4));
    bytes[8..12].copy_from_slice(b"avif");
    assert_eq!(detect(&bytes), None);
}

#[test]
fn webm_segment_that_starts_with_a_checksum_is_given_up() {
    let mut bytes = fixture("live.webm");
    let segment = bytes
        .windows(4)
        .position(|window| window == [0x18, 0x53, 0x80, 0x67])
        .expect("a segment");
    // The size of the segment has 8 bytes. A CRC-32 element follows.
    let checksum = [0xbf, 0x84, 0, 0, 0, 0];
    bytes.splice(segment + 12..segment + 12, checksum);
    let result = Format::WebM.probe(&mut Cursor::new(bytes));
    assert!(matches!(result, Err(ProbeError::Damaged(_))));
}

#[test]
fn many_samples_in_few_bytes_are_counted_without_a_loop() {
    let mut bytes = fixture("fragmented.mp4");
    let run = bytes
        .windows(4)
        .position(|window| window == b"trun")
        .expect("a run");
    // Without flags every sample has the default duration, and no bytes of its own.
    bytes[run + 5..run + 8].fill(0);
    bytes[run + 8..run + 12].fill(0xff);
    let info = Format::Mp4.probe(&mut Cursor::new(bytes)).expect("a video");
    assert!(info.duration > Some(1e6));
}

#[test]
fn truncated_and_corrupted_files_do_not_panic() {
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
fn zero_size_is_damage() {
    let result = MediaInfo::visual(0, 48, None);
    assert!(matches!(result, Err(ProbeError::Damaged(_))));
}

#[test]
fn duration_that_is_not_finite_is_unknown() {
    for seconds in [f64::NAN, f64::INFINITY, -1.0] {
        let measures = MediaInfo::visual(1, 1, Some(seconds)).expect("a valid size");
        assert_eq!(measures.duration, None);
    }
}

#[test]
fn duration_is_rounded_to_milliseconds() {
    let measures = MediaInfo::visual(1, 1, Some(1.033_333)).expect("a valid size");
    assert_eq!(measures.duration, Some(1.033));
}
