// Package examples holds the tests of the folder examples/ at the top: a real
// Traefik loads each example's configuration as it stands there, and a sign-up
// goes through it. The README's labels and manifests are tried the same way.
//
// No container engine is needed. What an example would find around it is played:
// the containers and their labels by the few answers of Docker's API that
// Traefik's own provider asks for, the cluster by those of Kubernetes. The
// addresses of other containers and the paths of volumes are replaced by
// those of the test, and nothing else.
package examples
