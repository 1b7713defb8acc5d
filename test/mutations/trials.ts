import Module from "node:module";
import Mocha from "mocha";

type Extension = (module: { _compile: (code: string, file: string) => void }, file: string) => void;

const extensions = (Module as unknown as { _extensions: Record<string, Extension> })._extensions;
const load = extensions[".js"] as Extension;

class Silent extends Mocha.reporters.Base {}

/** Forgets the modules of the folders, and has one of them loaded with another program. */
export function startAnew(
  folders: readonly string[],
  changed?: { readonly file: string; readonly program: string },
): void {
  for (const file of loadedFrom(folders)) {
    Reflect.deleteProperty(require.cache, file);
  }
  forgetChildren();
  extensions[".js"] = (module, file) => {
    if (file === changed?.file) {
      module._compile(changed.program, file);
    } else {
      load(module, file);
    }
  };
}

/** A module keeps all that it has ever loaded: hundreds of trials would fill the memory. */
function forgetChildren(): void {
  for (const module of Object.values(require.cache)) {
    if (module !== undefined) {
      module.children = module.children.filter(({ filename }) => filename in require.cache);
    }
  }
}

/** The modules of the folders that have been loaded. */
export function loadedFrom(folders: readonly string[]): string[] {
  return Object.keys(require.cache).filter((file) =>
    folders.some((folder) => file.startsWith(folder)),
  );
}

/** Whether a spec passes, in this process and without a word. */
export async function passes(spec: string): Promise<boolean> {
  const { log, error, warn } = console;
  console.log = console.error = console.warn = () => undefined;
  try {
    const mocha = new Mocha({ reporter: Silent, bail: true, timeout: 20_000 });
    mocha.addFile(spec);
    return await new Promise<boolean>((resolve) => {
      mocha.run((failures) => {
        resolve(failures === 0);
      });
    });
  } catch {
    return false;
  } finally {
    Object.assign(console, { log, error, warn });
  }
}
