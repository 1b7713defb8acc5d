import { engineAddress, runPlugin } from "./pluginServer";
import { ChildProcesses } from "./language/childProcesses";
import { LanguageHost } from "./language/host";

const children = new ChildProcesses();
const host = new LanguageHost(engineAddress() ?? "", children);
void runPlugin(host.service, host.handlers(), () => children.killAll());
