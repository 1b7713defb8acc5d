const pollMilliseconds = 250;

/**
 * Calls back once when the process that started this one is gone, however it ended: no signal
 * reaches a child when its parent is killed, so the parent's id is polled.
 */
export function onParentGone(callback: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) {
      clearInterval(timer);
      callback();
    }
  }, pollMilliseconds);
  timer.unref();
}
