import { expect } from "chai";
import { ProviderProcess } from "./providerProcess";

const stringType = "random:index/randomString:RandomString";

describe("stand-in for the random provider", () => {
  let provider: ProviderProcess;

  before(async () => {
    provider = await ProviderProcess.start("pulumi-resource-random");
  });

  after(() => provider.stop());

  it("makes text of the wanted length and characters, and never the same twice", async () => {
    const wanted = { length: 40, special: false, upper: false, minNumeric: 10 };
    const first = await provider.create(stringType, wanted);
    const second = await provider.create(stringType, wanted);

    expect(first.state["result"]).to.match(/^[a-z0-9]{40}$/);
    expect(String(first.id).replace(/[^0-9]/g, "")).to.have.length.of.at.least(10);
    expect(second.id).not.to.equal(first.id);
  });

  it("knows no value in a preview, as the update makes another one", async () => {
    const previewed = await provider.create(stringType, { length: 8 }, { preview: true });

    expect(previewed.id).to.equal("");
    expect(previewed.state).to.deep.equal(previewed.inputs);
  });

  it("writes the same bytes in every notation", async () => {
    const { state } = await provider.create("random:index/randomId:RandomId", { byteLength: 4 });
    const bytes = Buffer.from(state["hex"] as string, "hex");

    expect(bytes).to.have.lengthOf(4);
    expect(state["b64Url"]).to.equal(bytes.toString("base64url"));
    expect(state["b64Std"]).to.equal(bytes.toString("base64"));
    expect(state["dec"]).to.equal(String(bytes.readUInt32BE()));
  });

  it("replaces a value when any input changes, and only then", async () => {
    const created = await provider.create(stringType, { length: 8 });
    const same = await provider.diff(created, { length: 8 });
    const longer = await provider.diff(created, { length: 9 });

    expect(same.changed).to.equal(false);
    expect(longer).to.deep.include({ changed: true, replaces: ["length"] });
  });

  it("says what is missing", async () => {
    const failure = await provider.create(stringType, {}).catch((error: Error) => error.message);
    expect(failure).to.equal("length: missing required property");
  });

  it("says which types it has when it is asked for another one", async () => {
    const pet = provider.create("random:index/randomPet:RandomPet", {});
    const failure = await pet.catch((error: Error) => error.message);
    expect(failure).to.include("has no random:index/randomPet:RandomPet");
    expect(failure).to.include(stringType);
  });
});
