// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Writes single files so that a kill at any moment leaves the old file or the new one.
public enum AtomicFile {
  /// Writes bytes beside the file, has them reach the disk, and renames them over it.
  ///
  /// - Parameters:
  ///   - bytes: The whole content.
  ///   - path: The file; its folder must be there.
  /// - Throws: ``FileProblem``; then the old file still stands.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    let (folder, name) = FolderSwap.split(path)
    let fresh = "\(folder)/.\(name).keste-new-\(getpid())-\(FolderSwap.nextNumber())"
    do {
      try FolderSwap.writeThrough(bytes, to: fresh)
      guard rename(fresh, path) == 0 else { throw FileProblem(path, "write") }
    } catch {
      unlink(fresh)
      throw error
    }
    FolderSwap.sync(folder)
  }

  /// Writes a text as UTF-8; as the bytes are written.
  ///
  /// - Parameters:
  ///   - text: The whole content.
  ///   - path: The file; its folder must be there.
  /// - Throws: ``FileProblem``; then the old file still stands.
  public static func write(_ text: String, to path: String) throws {
    try write(Array(text.utf8), to: path)
  }
}
