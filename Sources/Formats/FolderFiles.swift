// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A file could not be read or written.
public struct FileProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path.
  public let path: String
  /// What was tried: `read`, `write` …
  public let operation: String
  /// The system's reason.
  public let reason: String

  init(_ path: String, _ operation: String, errno code: Int32 = errno) {
    self.path = path
    self.operation = operation
    self.reason = String(cString: strerror(code))
  }

  init(_ path: String, _ operation: String, reason: String) {
    self.path = path
    self.operation = operation
    self.reason = reason
  }

  /// `cannot write "plan": No space left on device`.
  public var description: String { "cannot \(operation) \"\(path)\": \(reason)" }
}

/// Looks at files without following what is not there.
enum FolderFiles {
  enum Kind {
    case missing, file, folder, other
  }

  static func kind(of path: String) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else { return .missing }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  static func read(_ path: String) throws(FileProblem) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw FileProblem(path, "read") }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw FileProblem(path, "read") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw FileProblem(path, "read", reason: "not a regular file")
    }
    let size = Int(status.st_size)
    guard size < 1 << 30 else {
      throw FileProblem(path, "read", reason: "the file is larger than 1 GB")
    }
    var failure: FileProblem?
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = 0
      while count < size, let base = buffer.baseAddress {
        let got = readBytes(file, base + count, size - count)
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failure = FileProblem(path, "read") }
        if got <= 0 { break }
        count += got
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// The names in a folder, as bytes and in their order, without `.` and `..`.
  static func names(in path: String) throws(FileProblem) -> [[UInt8]] {
    guard let folder = opendir(path) else { throw FileProblem(path, "read") }
    defer { closedir(folder) }
    var names: [[UInt8]] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { raw in
        Array(raw.prefix { $0 != 0 })
      }
      if name != Array(".".utf8) && name != Array("..".utf8) { names.append(name) }
    }
    return names.sorted { $0.lexicographicallyPrecedes($1) }
  }
}

/// The system's `read`, which the name of a method would hide.
private func readBytes(_ file: Int32, _ buffer: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
  read(file, buffer, count)
}
