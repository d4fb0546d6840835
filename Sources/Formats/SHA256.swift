// SPDX-License-Identifier: GPL-3.0-or-later
internal import CCrypto
#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A SHA-256 that is fed piece by piece.
struct SHA256: ~Copyable {
  private let context: OpaquePointer?
  private var isSound: Bool

  init() {
    context = EVP_MD_CTX_new()
    isSound = context != nil && EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
  }

  deinit {
    EVP_MD_CTX_free(context)
  }

  mutating func update(_ bytes: [UInt8]) {
    guard isSound, !bytes.isEmpty else { return }
    isSound = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) == 1 }
  }

  /// The digest in hexadecimal digits; nil where the library failed.
  consuming func digits() -> String? {
    guard isSound else { return nil }
    var digest = [UInt8](repeating: 0, count: 32)
    guard EVP_DigestFinal_ex(context, &digest, nil) == 1 else { return nil }
    let alphabet = Array("0123456789abcdef".utf8)
    return String(
      decoding: digest.flatMap { [alphabet[Int($0 >> 4)], alphabet[Int($0 & 15)]] }, as: UTF8.self)
  }
}

extension InstanceFolder {
  /// SHA-256 over the instance's files in order of their path names (bytes), each as path, NUL,
  /// length in decimal, NUL, bytes.
  ///
  /// Source: FORMATS.md, exact reading 14.
  public static func sha256(of path: String) throws -> String {
    var paths: [[UInt8]] = []
    try collect(root: path, prefix: [], open: [], into: &paths)
    paths.sort { $0.lexicographicallyPrecedes($1) }
    var hash = SHA256()
    for name in paths {
      let bytes = try FolderFiles.read("\(path)/\(String(decoding: name, as: UTF8.self))")
      hash.update(name + [0] + Array(String(bytes.count).utf8) + [0])
      hash.update(bytes)
    }
    guard let digits = hash.digits() else {
      throw FileProblem(path, "hash", reason: "libcrypto offers no SHA-256")
    }
    return digits
  }

  /// The regular files below a folder; a link back to a folder above is not followed.
  private static func collect(
    root: String, prefix: [UInt8], open: [FolderMark], into paths: inout [[UInt8]]
  ) throws {
    let folder = "\(root)/\(String(decoding: prefix, as: UTF8.self))"
    var status = stat()
    guard stat(folder, &status) == 0 else { throw FileProblem(folder, "read") }
    let mark = FolderMark(device: UInt64(status.st_dev), node: UInt64(status.st_ino))
    guard !open.contains(mark) else { return }
    for name in try FolderFiles.names(in: folder) {
      let relative = prefix + name
      switch FolderFiles.kind(of: "\(root)/\(String(decoding: relative, as: UTF8.self))") {
      case .file: paths.append(relative)
      case .folder:
        try collect(
          root: root, prefix: relative + Array("/".utf8), open: open + [mark], into: &paths)
      case .missing, .other: break
      }
    }
  }

  private struct FolderMark: Equatable {
    var device: UInt64
    var node: UInt64
  }
}
