import io.prometheus.jmx.JmxCollector;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.File;

/** `java -cp 'LIB/*' Jmx.java PORT CONFIG`: the page of what the configuration's jmxUrl and rules give, on 127.0.0.1. */
public class Jmx {
  public static void main(String[] args) throws Exception {
    PrometheusRegistry registry = new PrometheusRegistry();
    new JmxCollector(new File(args[1])).register(registry);
    HTTPServer.builder().hostname("127.0.0.1").port(Integer.parseInt(args[0])).registry(registry).buildAndStart();
    Thread.currentThread().join();
  }
}
