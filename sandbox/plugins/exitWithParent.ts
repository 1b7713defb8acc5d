import { onParentGone } from "./parentWatch";

// Loaded ahead of a program, so that not even a program in an endless wait outlives its host.
onParentGone(() => process.kill(process.pid, "SIGKILL"));
