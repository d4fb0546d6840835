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

  /// Writes many texts that can be made again, such as pages: each by a new file that is renamed, so
  /// that a kill leaves the old file or the new one. They are not waited for to reach the disk, which
  /// takes longer than writing them.
  ///
  /// - Parameter files: Paths, whose folders must be there, with the whole content.
  /// - Throws: ``FileProblem``; then the files before it are written.
  public static func write(_ files: [(path: String, text: String)]) throws {
    for (path, text) in files {
      let (folder, name) = FolderSwap.split(path)
      let fresh = "\(folder)/.\(name).keste-new-\(getpid())-\(FolderSwap.nextNumber())"
      do {
        try FolderSwap.writeThrough(Array(text.utf8), to: fresh, isSynced: false)
        guard rename(fresh, path) == 0 else { throw FileProblem(path, "write") }
      } catch {
        unlink(fresh)
        throw error
      }
    }
    for folder in Set(files.map { FolderSwap.split($0.path).folder }).sorted() {
      FolderSwap.sync(folder)
    }
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
