import { engineAddress, runPlugin } from "./pluginServer";
import { KubernetesProvider } from "./kubernetes/provider";

const provider = new KubernetesProvider(engineAddress());
void runPlugin(provider.service, provider.handlers());
