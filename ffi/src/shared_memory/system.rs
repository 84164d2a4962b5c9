//! Files in shared memory: names, locks and mappings, by POSIX calls.

// The one place of this folder that calls the system and maps memory.
#![allow(unsafe_code)]

use std::ffi::CString;
use std::fs::File;
use std::io::Error;
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::ptr::NonNull;

use super::layout::{REGION_BYTES, Region};
use crate::abi::Fault;

/// What a byte of the file stands for, as its lock says who has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Owns the region.
    Owner = 0,
    /// Writes msg_out.
    MsgOutWriter = 1,
    /// Writes msg_in.
    MsgInWriter = 2,
}

fn fault_of(error: &Error) -> Fault {
    Fault::system(error.raw_os_error().unwrap_or(libc::EIO))
}

fn last_fault() -> Fault {
    fault_of(&Error::last_os_error())
}

/// The name as POSIX wants it: with a slash before and none inside.
fn posix_name(name: &[u8]) -> Result<CString, Fault> {
    let known = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
    if name.is_empty() || name.len() > 250 || name[0] == b'.' || !name.iter().all(known) {
        return Err(Fault::REGION_NAME);
    }
    CString::new([b"/", name].concat()).map_err(|_| Fault::REGION_NAME)
}

/// Nanoseconds since an arbitrary moment that all processes share; the clock
/// of the wall may jump, this one does not.
pub fn monotonic_ns() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a value of its own.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// An open file in shared memory. Its locks are of its open file description:
/// the kernel drops them when the last descriptor is closed, so at the latest
/// with the process, however that ends.
pub struct SharedFile {
    file: File,
    name: CString,
}

impl SharedFile {
    /// Opens the file of a name; with `create`, also makes it, for this user
    /// only, with nothing in it.
    pub fn open(name: &[u8], create: bool) -> Result<SharedFile, Fault> {
        let name = posix_name(name)?;
        let flags = libc::O_RDWR | libc::O_CLOEXEC | if create { libc::O_CREAT } else { 0 };
        // SAFETY: the name ends with a zero byte.
        let descriptor = unsafe { libc::shm_open(name.as_ptr(), flags, 0o600) };
        if descriptor < 0 {
            return Err(last_fault());
        }
        // SAFETY: the descriptor was just opened and is nobody else's.
        let file = unsafe { File::from_raw_fd(descriptor) };
        Ok(SharedFile { file, name })
    }

    /// The file's size in bytes.
    pub fn size(&self) -> Result<u64, Fault> {
        Ok(self.file.metadata().map_err(|error| fault_of(&error))?.len())
    }

    /// Whether the file belongs to the user that this process acts for.
    pub fn is_own(&self) -> Result<bool, Fault> {
        let metadata = self.file.metadata().map_err(|error| fault_of(&error))?;
        // SAFETY: it has no preconditions.
        Ok(metadata.uid() == unsafe { libc::geteuid() })
    }

    /// Whether the file has lost its name, so that nobody can open it anew.
    pub fn is_unlinked(&self) -> Result<bool, Fault> {
        Ok(self.file.metadata().map_err(|error| fault_of(&error))?.nlink() == 0)
    }

    /// The first bytes, as many as are there.
    pub fn begin<const N: usize>(&self) -> Result<([u8; N], usize), Fault> {
        let mut bytes = [0; N];
        let mut count = 0;
        while count < N {
            match self.file.read_at(&mut bytes[count..], count as u64) {
                Ok(0) => break,
                Ok(more) => count += more,
                Err(error) => return Err(fault_of(&error)),
            }
        }
        Ok((bytes, count))
    }

    /// Gives the file its size, and memory for all of it: what cannot be had
    /// is refused here, not by a signal at the first access.
    pub fn allocate(&self) -> Result<(), Fault> {
        // SAFETY: it has no preconditions.
        match unsafe {
            libc::posix_fallocate(self.file.as_raw_fd(), 0, REGION_BYTES as libc::off_t)
        } {
            0 => Ok(()),
            errno => Err(Fault::system(errno)),
        }
    }

    /// Lets this user alone open the file.
    pub fn close_to_others(&self) -> Result<(), Fault> {
        // SAFETY: it has no preconditions.
        match unsafe { libc::fchmod(self.file.as_raw_fd(), 0o600) } {
            0 => Ok(()),
            _ => Err(last_fault()),
        }
    }

    fn lock_request(role: Role) -> libc::flock {
        libc::flock {
            l_type: libc::F_WRLCK as libc::c_short,
            l_whence: libc::SEEK_SET as libc::c_short,
            l_start: role as libc::off_t,
            l_len: 1,
            l_pid: 0,
        }
    }

    /// Takes a role if nobody has it; never waits.
    pub fn take(&self, role: Role) -> Result<bool, Fault> {
        let request = Self::lock_request(role);
        // SAFETY: the pointer is to a value of its own.
        if unsafe { libc::fcntl(self.file.as_raw_fd(), libc::F_OFD_SETLK, &request) } == 0 {
            return Ok(true);
        }
        match Error::last_os_error().raw_os_error() {
            Some(libc::EAGAIN | libc::EACCES) => Ok(false),
            _ => Err(last_fault()),
        }
    }

    /// Whether somebody else has a role.
    pub fn is_taken(&self, role: Role) -> Result<bool, Fault> {
        let mut request = Self::lock_request(role);
        // SAFETY: the pointer is to a value of its own.
        match unsafe { libc::fcntl(self.file.as_raw_fd(), libc::F_OFD_GETLK, &mut request) } {
            0 => Ok(request.l_type != libc::F_UNLCK as libc::c_short),
            _ => Err(last_fault()),
        }
    }

    /// Takes the name away; the memory goes with the last mapping.
    pub fn unlink(&self) -> Result<(), Fault> {
        // SAFETY: the name ends with a zero byte.
        match unsafe { libc::shm_unlink(self.name.as_ptr()) } {
            0 => Ok(()),
            _ => Err(last_fault()),
        }
    }

    /// Maps the file, which has the size of a region.
    pub fn map(&self) -> Result<Mapping, Fault> {
        // SAFETY: a new mapping at a free address touches no other memory.
        let address = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                REGION_BYTES,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_SHARED,
                self.file.as_raw_fd(),
                0,
            )
        };
        if address == libc::MAP_FAILED {
            return Err(last_fault());
        }
        NonNull::new(address.cast()).map(Mapping).ok_or(Fault::system(libc::ENOMEM))
    }
}

/// A mapped region.
pub struct Mapping(NonNull<Region>);

// SAFETY: a region holds atomics only, which threads may share, and the
// mapping belongs to no thread.
unsafe impl Send for Mapping {}

impl Mapping {
    /// The region.
    pub fn region(&self) -> &Region {
        // SAFETY: the mapping has the region's size and a page's alignment, is
        // there until it is dropped, and any bytes are values of atomics. What
        // other processes write is as what other threads do.
        unsafe { self.0.as_ref() }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: it was mapped with this size, and nothing borrows it.
        unsafe { libc::munmap(self.0.as_ptr().cast(), REGION_BYTES) };
    }
}
