/** A stack of the backend. */
export interface ListedStack {
  /** As `pulumi --stack` takes it in any folder. */
  readonly fullName: string;
  readonly organization: string;
  readonly project: string;
  readonly name: string;
  /** Whether a run is at work on it, where the backend tells. */
  readonly isBusy: boolean;
  /** How many resources its state has, where the backend tells. */
  readonly resourceCount: () => number | undefined;
  /** When the last run on it ended, where the backend tells: RFC 3339. */
  readonly lastUpdate?: string;
}
