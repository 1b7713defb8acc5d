import { expect } from "chai";
import fc from "fast-check";
import {
  dockerConfigJson,
  imageRegistryProblems,
  type RegistryWish,
} from "#components/environment/imageRegistries";

const jane = { username: "jane", password: "hunter2" };
const hostRemedy =
  "Use the host alone, in lower case, with its port if it has one, such as registry.example.com:5000. Docker Hub is docker.io.";

describe("the content of the registries' Secret", () => {
  it("is what kubectl would write", () => {
    expect(
      JSON.parse(dockerConfigJson([{ host: "registry.example.com:5000", ...jane }])),
    ).to.deep.equal({
      auths: { "registry.example.com:5000": { ...jane, auth: "amFuZTpodW50ZXIy" } },
    });
  });

  for (const host of ["docker.io", "index.docker.io"]) {
    it(`has ${host} under the name by which Docker Hub's credentials are looked up`, () => {
      const { auths } = JSON.parse(dockerConfigJson([{ host, ...jane }])) as { auths: object };
      expect(Object.keys(auths)).to.deep.equal(["https://index.docker.io/v1/"]);
    });
  }

  it("gives back every user and password as they are, whatever stands in them", () => {
    const text = fc.string({ unit: "binary", minLength: 1 });
    fc.assert(
      fc.property(text, text, (username, password) => {
        const json = dockerConfigJson([{ host: "registry.example.com", username, password }]);
        const { auths } = JSON.parse(json) as {
          auths: Record<string, { username: string; password: string; auth: string }>;
        };
        const { auth, ...plain } = auths["registry.example.com"]!;
        expect(plain).to.deep.equal({ username, password });
        expect(Buffer.from(auth, "base64").toString()).to.equal(`${username}:${password}`);
      }),
    );
  });

  it("is the same for the same registries, so that nothing differs in the next run", () => {
    const registries = ["docker.io", "registry.example.com"].map((host) => ({ host, ...jane }));
    expect(dockerConfigJson(registries)).to.equal(dockerConfigJson([...registries]));
  });
});

describe("image registries", () => {
  const hosts = [
    "registry.example.com",
    "registry.example.com:5000",
    "docker.io",
    "localhost:1",
    "10.0.0.1:65535",
    "123456789012.dkr.ecr.eu-central-1.amazonaws.com",
  ];
  for (const host of hosts) {
    it(`may be at ${host}`, () => {
      expect(imageRegistryProblems([{ host, ...jane }])).to.deep.equal([]);
    });
  }

  const notHosts = [
    "",
    " registry.example.com",
    "https://registry.example.com",
    "https://index.docker.io/v1/",
    "registry.example.com/shop",
    "registry.example.com/",
    "Registry.example.com",
    "registry..example.com",
    "-registry.example.com",
    "*.example.com",
    "registry.example.com:",
    "registry.example.com:0",
    "registry.example.com:65536",
  ];
  for (const host of notHosts) {
    it(`may not be at ${JSON.stringify(host)}`, () => {
      const fault = "is not a registry's host";
      expect(imageRegistryProblems([{ host, ...jane }])).to.deep.equal([
        { property: "imageRegistries[0].host", fault, remedy: hostRemedy },
      ]);
    });
  }

  for (const other of ["docker.io", "index.docker.io"]) {
    it(`may not be the same one twice: docker.io and ${other}`, () => {
      const registries = ["docker.io", "registry.example.com", other];
      expect(imageRegistryProblems(registries.map((host) => ({ host, ...jane })))).to.deep.equal([
        {
          property: "imageRegistries[2].host",
          found: other,
          fault: "is the same registry as imageRegistries[0]",
          remedy: "Keep one of the two: a registry has one password here.",
        },
      ]);
    });
  }

  it("need a user without a colon and a password, and no message shows either", () => {
    const registries: RegistryWish[] = [
      { host: "a.example.com", username: " ", password: "" },
      { host: "b.example.com", username: "jane:hunter2", password: "hunter2" },
      { host: "jane:hunter2@c.example.com", ...jane },
    ];
    expect(imageRegistryProblems(registries)).to.deep.equal([
      {
        property: "imageRegistries[0].username",
        fault: "is empty",
        remedy: "Give the user that pulls.",
      },
      {
        property: "imageRegistries[0].password",
        fault: "is empty",
        remedy: "Give the user's password or token, as a secret.",
      },
      {
        property: "imageRegistries[1].username",
        fault: "holds a colon",
        remedy: "Give the user alone; the password has a property of its own.",
      },
      {
        property: "imageRegistries[2].host",
        fault: "is not a registry's host",
        remedy: hostRemedy,
      },
    ]);
  });

  it("may have a user and a password that are known only later", () => {
    const later = Promise.resolve("");
    const registry = { host: "registry.example.com", username: later, password: later };
    expect(imageRegistryProblems([registry])).to.deep.equal([]);
  });
});
