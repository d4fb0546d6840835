// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif
private import Synchronization

/// Replaces a whole folder by another at one moment.
enum FolderSwap {
  private static let counter = Atomic<Int>(0)

  /// A number that no other temporary name of this process has.
  static func nextNumber() -> Int { counter.add(1, ordering: .relaxed).newValue }

  /// The folder and the last part of a path.
  static func split(_ path: String) -> (folder: String, name: String) {
    var path = path[...]
    while path.count > 1 && path.hasSuffix("/") { path = path.dropLast() }
    guard let slash = path.lastIndex(of: "/") else { return (".", String(path)) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
  }

  /// Makes a folder with those above it.
  static func makeFolders(_ path: String) throws {
    if FolderFiles.kind(of: path) == .folder { return }
    let (above, name) = split(path)
    if !name.isEmpty && above != path { try makeFolders(above) }
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw FileProblem(path, "create") }
  }

  /// Writes a new file and waits until it is on the disk.
  static func writeThrough(_ bytes: [UInt8], to path: String, isSynced: Bool = true) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw FileProblem(path, "write") }
    var failure: FileProblem?
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count, let base = buffer.baseAddress {
        let count = write(file, base + done, buffer.count - done)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else {
          failure = FileProblem(path, "write")
          return
        }
        done += count
      }
    }
    if failure == nil && isSynced && fsync(file) != 0 { failure = FileProblem(path, "write") }
    if close(file) != 0 && failure == nil { failure = FileProblem(path, "write") }
    if let failure { throw failure }
  }

  /// Has a folder's entries reach the disk, where the system can.
  static func sync(_ folder: String) {
    let file = open(folder, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    fsync(file)
    close(file)
  }

  /// Removes a file or a folder with all in it; links are not followed.
  static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      unlink(path)
      return
    }
    for name in (try? FolderFiles.names(in: path)) ?? [] {
      remove("\(path)/\(String(decoding: name, as: UTF8.self))")
    }
    rmdir(path)
  }

  /// Gives a file, or a folder with all in it, a second place: by hard links, so that somebody who
  /// is just writing into the file keeps writing into the one that stays; by copies where the file
  /// system has no links.
  static func carry(_ source: String, to target: String) throws {
    var status = stat()
    guard lstat(source, &status) == 0 else { throw FileProblem(source, "read") }
    switch status.st_mode & S_IFMT {
    case S_IFDIR:
      guard mkdir(target, status.st_mode & 0o7777) == 0 || errno == EEXIST else {
        throw FileProblem(target, "create")
      }
      for name in try FolderFiles.names(in: source) {
        let text = String(decoding: name, as: UTF8.self)
        try carry("\(source)/\(text)", to: "\(target)/\(text)")
      }
    case S_IFLNK:
      var buffer = [CChar](repeating: 0, count: 4097)
      guard readlink(source, &buffer, 4096) >= 0, symlink(buffer, target) == 0 else {
        throw FileProblem(source, "copy")
      }
    default:
      if link(source, target) == 0 { return }
      try writeThrough(try FolderFiles.read(source), to: target)
    }
  }

  // MARK: - The swap

  private static let freshMark = "keste-new-"
  private static let oldMark = "keste-old-"

  /// A new temporary name beside a folder.
  private static func sibling(of path: String, _ mark: String) -> String {
    let (folder, name) = split(path)
    return "\(folder)/.\(name).\(mark)\(getpid())-\(nextNumber())"
  }

  /// Replaces a folder by one that holds the given files.
  ///
  /// What stands in the old folder and is not in `own` is carried over. On Linux the two folders
  /// change places in one system call; elsewhere, and on file systems without that call, the old
  /// one steps aside first, and ``recover(_:)`` brings it back should the program be killed just
  /// then.
  static func replace(
    _ path: String, files: [(name: String, bytes: [UInt8])], own: Set<String>
  ) throws {
    let path = resolved(path)
    try makeFolders(split(path).folder)
    try recover(path)
    let kind = FolderFiles.kind(of: path)
    guard kind == .folder || kind == .missing else {
      throw FileProblem(path, "write", reason: "a file of this name is there, not a folder")
    }
    let fresh = sibling(of: path, freshMark)
    guard mkdir(fresh, 0o777) == 0 else { throw FileProblem(fresh, "create") }
    do {
      if kind == .folder {
        var status = stat()
        if stat(path, &status) == 0 { chmod(fresh, status.st_mode & 0o7777) }
        for name in try FolderFiles.names(in: path) {
          let text = String(decoding: name, as: UTF8.self)
          if !own.contains(text) { try carry("\(path)/\(text)", to: "\(fresh)/\(text)") }
        }
      }
      for (name, bytes) in files { try writeThrough(bytes, to: "\(fresh)/\(name)") }
      sync(fresh)
      if kind == .missing {
        guard rename(fresh, path) == 0 else { throw FileProblem(path, "write") }
      } else if !exchange(fresh, path) {
        let old = sibling(of: path, oldMark)
        guard rename(path, old) == 0 else { throw FileProblem(path, "write") }
        guard rename(fresh, path) == 0 else {
          let problem = FileProblem(path, "write")
          rename(old, path)
          throw problem
        }
        sync(split(path).folder)
        remove(old)
      }
    } catch {
      remove(fresh)
      throw error
    }
    sync(split(path).folder)
    // After an exchange the old plan stands here; after a rename nothing does.
    remove(fresh)
  }

  /// A folder that a link names, so that the link itself stays.
  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// Has two names change places in one step; false where the system cannot.
  private static func exchange(_ a: String, _ b: String) -> Bool {
    #if canImport(Darwin)
      return renamex_np(a, b, UInt32(RENAME_SWAP)) == 0
    #else
      // The header shows this call only to GNU C, so it is looked up by name (glibc 2.28, musl 1.2).
      typealias Rename =
        @convention(c) (
          CInt, UnsafePointer<CChar>, CInt, UnsafePointer<CChar>, CUnsignedInt
        ) -> CInt
      guard let symbol = dlsym(nil, "renameat2") else { return false }
      let renameExchange: CUnsignedInt = 2
      return unsafeBitCast(symbol, to: Rename.self)(AT_FDCWD, a, AT_FDCWD, b, renameExchange) == 0
    #endif
  }

  /// Clears what killed programs left beside a folder, and puts a plan back that one of them had
  /// moved aside.
  static func recover(_ path: String) throws {
    let path = resolved(path)
    let (folder, name) = split(path)
    guard FolderFiles.kind(of: folder) == .folder else { return }
    for bytes in (try? FolderFiles.names(in: folder)) ?? [] {
      let entry = String(decoding: bytes, as: UTF8.self)
      for mark in [freshMark, oldMark] {
        let prefix = ".\(name).\(mark)"
        guard entry.hasPrefix(prefix),
          let process = Int32(entry.dropFirst(prefix.count).prefix { $0 != "-" }),
          process != getpid(), kill(process, 0) != 0, errno == ESRCH
        else { continue }
        let left = "\(folder)/\(entry)"
        if mark == oldMark && FolderFiles.kind(of: path) == .missing {
          guard rename(left, path) == 0 else { throw FileProblem(path, "restore") }
        } else {
          remove(left)
        }
      }
    }
  }
}
