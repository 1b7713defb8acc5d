// Enforces network policies on one node, as kube-router does with --run-firewall alone: its network
// policy controller. What else its own main links (routing, the service proxy) is left out.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/cloudnativelabs/kube-router/v2/pkg/controllers/netpol"
	"github.com/cloudnativelabs/kube-router/v2/pkg/healthcheck"
	"github.com/cloudnativelabs/kube-router/v2/pkg/options"
	"github.com/spf13/pflag"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

// version is set by the linker.
var version string

func main() {
	config := options.NewKubeRouterConfig()
	config.AddFlags(pflag.CommandLine)
	pflag.Parse()
	if config.Version {
		fmt.Println(version)
		return
	}
	if err := run(config); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(config *options.KubeRouterConfig) error {
	access, err := clientcmd.BuildConfigFromFlags(config.Master, config.Kubeconfig)
	if err != nil {
		return fmt.Errorf("the kubeconfig cannot be used: %w", err)
	}
	client, err := kubernetes.NewForConfig(access)
	if err != nil {
		return fmt.Errorf("the API server cannot be reached: %w", err)
	}

	stop := make(chan struct{})
	factory := informers.NewSharedInformerFactory(client, 0)
	pods := factory.Core().V1().Pods().Informer()
	namespaces := factory.Core().V1().Namespaces().Informer()
	policies := factory.Networking().V1().NetworkPolicies().Informer()
	factory.Start(stop)
	deadline := time.AfterFunc(config.CacheSyncTimeout, func() {
		fmt.Fprintln(os.Stderr, "Pods, namespaces and network policies were not listed in time.")
		os.Exit(1)
	})
	factory.WaitForCacheSync(stop)
	deadline.Stop()

	controller, err := newController(client, config, pods, policies, namespaces)
	if err != nil {
		return err
	}
	return runController(controller, stop)
}

func newController(
	client kubernetes.Interface,
	config *options.KubeRouterConfig,
	pods, policies, namespaces cache.SharedIndexInformer,
) (*netpol.NetworkPolicyController, error) {
	tables, sets, err := netpol.NewIPTablesHandlers(config)
	if err != nil {
		return nil, err
	}
	controller, err := netpol.NewNetworkPolicyController(
		client, config, pods, policies, namespaces, &sync.Mutex{}, tables, sets)
	if err != nil {
		return nil, err
	}
	handlers := []struct {
		informer cache.SharedIndexInformer
		handler  cache.ResourceEventHandler
	}{
		{pods, controller.PodEventHandler},
		{namespaces, controller.NamespaceEventHandler},
		{policies, controller.NetworkPolicyEventHandler},
	}
	for _, each := range handlers {
		if _, err := each.informer.AddEventHandler(each.handler); err != nil {
			return nil, err
		}
	}
	return controller, nil
}

func runController(controller *netpol.NetworkPolicyController, stop chan struct{}) error {
	// The controller tells how it is on this channel, and waits until that is read.
	heartbeats := make(chan *healthcheck.ControllerHeartbeat, 10)
	go func() {
		for range heartbeats {
		}
	}()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	var running sync.WaitGroup
	running.Add(1)
	go controller.Run(heartbeats, stop, &running)
	<-signals
	close(stop)
	running.Wait()
	return nil
}
