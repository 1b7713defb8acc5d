import { expect } from "chai";
import { judgePackets, type PacketAnswer, type PacketCase } from "#isolation/index";
import { tcp } from "./scenes";

type Answers = Readonly<Record<string, PacketAnswer | undefined>>;

const open: PacketAnswer = { open: true, outcome: "open" };
const silent: PacketAnswer = { open: false, outcome: "silent" };
const [shop, attacker, friend] = [{ pod: "a/shop" }, { pod: "b/attacker" }, { pod: "a/friend" }];

const attack: PacketCase = { from: attacker, to: shop, port: tcp(80), open: false };
const control: PacketCase = { from: friend, to: shop, port: tcp(80), open: true };
const ownControl: PacketCase = { from: attacker, to: friend, port: tcp(90), open: true };

describe("results of packets", () => {
  const sound = {
    "b/attacker a/shop": silent,
    "a/friend a/shop": open,
    "b/attacker a/friend": open,
  };

  it("pass what is open and answers, and what is closed between open controls", () => {
    expect(results([attack, control, ownControl], sound)).to.deep.equal({
      "a/friend a/shop": "passed",
      "b/attacker a/friend": "passed",
      "b/attacker a/shop": "passed",
    });
  });

  it("fail what is open and should be closed, whatever the controls say", () => {
    expect(results([attack], { "b/attacker a/shop": open })).to.deep.equal({
      "b/attacker a/shop": "failed: is open, and network policies close it",
    });
  });

  it("fail what is closed and should be open, before or after", () => {
    const found = { "a/friend a/shop": "failed: is closed (silent), and network policies open it" };

    expect(results([control], sound, { "a/friend a/shop": silent })).to.deep.equal(found);
    expect(results([control], { "a/friend a/shop": silent }, sound)).to.deep.equal(found);
  });

  it("fail what another target answers", () => {
    const impostor = { ...open, answeredBy: "b/impostor" };

    expect(results([control], { "a/friend a/shop": impostor })).to.deep.equal({
      "a/friend a/shop": "failed: was answered by b/impostor",
    });
  });

  it("show nothing where the target answers nobody on this port", () => {
    const otherPort = { ...control, port: tcp(81) };
    const otherProtocol = { ...control, port: { port: 80, protocol: "UDP" } } as const;

    for (const other of [otherPort, otherProtocol]) {
      expect(results([attack, other, ownControl], sound)["b/attacker a/shop"]).to.equal(
        "untested: gave no other client an answer on this port",
      );
    }
  });

  it("show nothing where the target was down before or after", () => {
    const down = { ...sound, "a/friend a/shop": silent };

    for (const [before, after] of [[down, sound] as const, [sound, down] as const]) {
      const found = results([attack, control, ownControl], before, after);
      expect(found["b/attacker a/shop"]).to.match(/^untested: gave no other client/);
    }
  });

  it("show nothing where no target answers the client over this protocol", () => {
    const udp = { ...ownControl, port: { port: 90, protocol: "UDP" } } as const;

    for (const cases of [
      [attack, control],
      [attack, control, udp],
    ]) {
      expect(results(cases, sound)["b/attacker a/shop"]).to.equal(
        "untested: was asked by a client that no target answered",
      );
    }
  });

  it("show nothing of what was not tried", () => {
    expect(results([attack, control], {})).to.deep.equal({
      "a/friend a/shop": "untested: was not tried",
      "b/attacker a/shop": "untested: was not tried",
    });
  });

  /** What packets say of each case, by its ends. */
  function results(cases: readonly PacketCase[], before: Answers, after: Answers = before) {
    const from = (answers: Answers) => (each: PacketCase) => answers[endsOf(each)];
    const rounds = { openBefore: from(before), closed: from(before), openAfter: from(after) };
    const judged = judgePackets(cases, rounds);
    return Object.fromEntries(
      judged.map((each) => [endsOf(each), [each.verdict, each.reason].filter(Boolean).join(": ")]),
    );
  }

  function endsOf({ from, to }: PacketCase): string {
    return [from, to].map((end) => ("pod" in end ? end.pod : end.address)).join(" ");
  }
});
