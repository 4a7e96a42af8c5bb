#pragma once

/// Ends the process with a message and status 5 when it may not have the descriptors, threads and memory that every
/// command needs.
void cstart_check_limits(void);
