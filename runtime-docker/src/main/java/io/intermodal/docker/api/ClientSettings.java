package io.intermodal.docker.api;

import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.AuthConfigurations;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.RemoteApiVersion;
import com.github.dockerjava.core.SSLConfig;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * docker-java's settings, from nothing but the socket and the version. Its own way of making them
 * reads the environment and root's {@code ~/.docker}: a pull without credentials would then use
 * those that root once logged in with.
 */
record ClientSettings(Path socket, ApiVersion version) implements DockerClientConfig {
  @Override
  public URI getDockerHost() {
    return URI.create("unix://" + socket);
  }

  @Override
  public RemoteApiVersion getApiVersion() {
    return RemoteApiVersion.create(version.major(), version.minor());
  }

  @Override
  public @Nullable String getRegistryUsername() {
    return null;
  }

  @Override
  public @Nullable String getRegistryPassword() {
    return null;
  }

  @Override
  public @Nullable String getRegistryEmail() {
    return null;
  }

  @Override
  public String getRegistryUrl() {
    return AuthConfig.DEFAULT_SERVER_ADDRESS;
  }

  @Override
  public @Nullable AuthConfig effectiveAuthConfig(String imageName) {
    return null;
  }

  @Override
  public AuthConfigurations getAuthConfigurations() {
    return new AuthConfigurations();
  }

  // Deprecated or not, the interface asks for it.
  @SuppressWarnings("deprecation")
  @Override
  public @Nullable SSLConfig getSSLConfig() {
    return null;
  }
}
