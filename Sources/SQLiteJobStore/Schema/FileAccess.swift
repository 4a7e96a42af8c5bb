import CQueueFile
import Glibc
import JobQueue

/// Who may use a queue file and the files beside it: its owner alone, or also the members of one group.
struct FileAccess: Sendable, Hashable {
  /// The owner alone.
  static let owner = FileAccess(group: nil)

  /// A group that the system knows.
  struct Group: Sendable, Hashable {
    let name: String
    let number: gid_t
  }

  let group: Group?

  private init(group: Group?) { self.group = group }

  /// - Parameters:
  ///   - name: the group's name, or its number if the system has no name for it; nil for the owner alone.
  ///   - path: the queue file, for errors.
  /// - Throws: ``JobStoreError`` `storeGroup` for an unknown group, or one that this user is not in.
  init(groupNamed name: String?, of path: String) throws {
    guard let name else {
      group = nil
      return
    }
    guard let number = Self.number(of: name) else {
      throw Self.failure(
        path, "this system has no group '\(name)'", hint: "correct storeGroup, or create the group: groupadd \(name)")
    }
    guard Self.includesThisUser(number) else {
      throw Self.failure(
        path, "this user is not in the group '\(name)' that storeGroup names",
        hint: "add the user (usermod -aG \(name) USER) and log in again; for a service: SupplementaryGroups=\(name)")
    }
    group = Group(name: name, number: number)
  }

  /// Whether only those who are meant to can use a file. One that only its owner can use so far is private enough.
  func isKept(by file: FileStatus) -> Bool {
    file.mode & 0o007 == 0 && (file.mode & 0o070 == 0 || file.group == group?.number)
  }

  /// The commands that make an exposed file private.
  func remedy(for name: String, _ file: FileStatus) -> String {
    if let group { return "chgrp \(group.name) \(name); chmod 660 \(name)" }
    // Not private, but perhaps on purpose.
    let isShared = file.mode & 0o067 == 0o060
    return isShared ? "chmod 600 \(name), or set storeGroup to the group that shares it" : "chmod 600 \(name)"
  }

  /// Gives a file to the group, if this user may: otherwise that is left to its owner, who does so the next time.
  /// - Parameter owner: the new owner if root does it; nil to keep the owner.
  /// - Throws: ``JobStoreError`` if the system refuses.
  func share(_ name: String, withOwner owner: uid_t? = nil) throws {
    guard let group, let found = try? FileStatus.look(at: name) else { return }
    let isFit = found.group == group.number && found.mode & 0o777 == Self.sharedMode
    let newOwner = geteuid() == 0 ? owner.flatMap { $0 == found.owner ? nil : $0 } : nil
    guard !isFit || newOwner != nil else { return }
    let isOwn = found.owner == geteuid() || geteuid() == 0
    let number = cqueuefile_give(name, newOwner ?? uid_t.max, group.number, UInt32(Self.sharedMode))
    // Gone meanwhile, or refused by another check.
    guard isOwn, number != 0, number != ENOENT, number != ELOOP else { return }
    throw Self.failure(
      name, "cannot change its group to '\(group.name)': \(String(cString: strerror(number)))",
      hint: "as its owner, run: chgrp \(group.name) \(name); chmod 660 \(name)")
  }

  /// Gives an open file to the group, if this user may.
  func share(_ descriptor: Int32) {
    guard let group, let found = try? FileStatus.look(at: descriptor), found.isRegular,
      found.owner == geteuid() || geteuid() == 0
    else { return }
    if found.group != group.number, fchmod(descriptor, 0o600) != 0 || fchown(descriptor, uid_t.max, group.number) != 0 {
      return
    }
    fchmod(descriptor, Self.sharedMode)
  }

  private static let sharedMode: mode_t = 0o660

  private static func number(of name: String) -> gid_t? {
    var size = 1024
    while size <= 1 << 20 {
      var buffer = [CChar](repeating: 0, count: size)
      var entry = GroupRecord()
      var found: UnsafeMutablePointer<GroupRecord>?
      let number = getgrnam_r(name, &entry, &buffer, size, &found)
      if number == 0 { return found.map { $0.pointee.gr_gid } ?? gid_t(name) }
      // A group with many members.
      guard number == ERANGE else { return gid_t(name) }
      size *= 4
    }
    return nil
  }

  private static func includesThisUser(_ number: gid_t) -> Bool {
    if geteuid() == 0 || getegid() == number { return true }
    var groups = [gid_t](repeating: 0, count: Int(max(getgroups(0, nil), 0)))
    let count = getgroups(Int32(groups.count), &groups)
    return groups.prefix(Int(max(count, 0))).contains(number)
  }

  private static func failure(_ path: String, _ cause: String, hint: String) -> JobStoreError {
    JobStoreError(code: .storeGroup, operation: "open", target: path, cause: cause, hint: hint)
  }
}

/// The system's record of a group; its own name is hidden by the property `group` here.
private typealias GroupRecord = Glibc.group
